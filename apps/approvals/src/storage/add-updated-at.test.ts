import { join } from 'node:path';
import { openDatabase } from '@expacti/persistence';
import { temporaryFolder } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';
import { AddUpdatedAt1767225700100 } from './add-updated-at.js';
import { CreateApprovals1767225700000 } from './create-approvals.js';

describe('a database from before requests had a moment of change', () => {
  it('keeps its requests, each as changed when it was closed, or made', async () => {
    const folder = temporaryFolder('approvals-migration');
    const url = `sqlite:${join(folder.path, 'approvals.db')}`;
    const before = await openDatabase({ url, entities: [], migrations: [CreateApprovals1767225700000] });
    await before.transaction(async (manager) => {
      const columns: { name: string; notnull: number }[] = await manager.query(
        'PRAGMA table_info("approvals_requests")',
      );
      const required = columns.filter(({ notnull }) => notnull).map(({ name }) => name);
      const insert = (values: Record<string, string | number>) => {
        const names = [...new Set([...required, ...Object.keys(values)])];
        const places = names.map(() => '?').join(', ');
        const row = names.map((name) => values[name] ?? 0);
        return manager.query(`INSERT INTO approvals_requests (${names.join(', ')}) VALUES (${places})`, row);
      };
      await insert({ id: 'open', command_id: 'a', created_at: 5 });
      await insert({ id: 'closed', command_id: 'b', created_at: 6, closed_at: 9 });
    });
    await before.close();
    const migrations = [CreateApprovals1767225700000, AddUpdatedAt1767225700100];
    const after = await openDatabase({ url, entities: [], migrations });
    try {
      const rows = await after.read((manager) =>
        manager.query('SELECT id, updated_at FROM approvals_requests ORDER BY created_at'),
      );
      expect(rows).toEqual([
        { id: 'open', updated_at: 5 },
        { id: 'closed', updated_at: 9 },
      ]);
    } finally {
      await after.close();
      folder.remove();
    }
  });
});
