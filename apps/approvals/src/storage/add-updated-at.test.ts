import { databaseAt } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { AddUpdatedAt1767225700100 } from './add-updated-at.js';
import { CreateApprovals1767225700000 } from './create-approvals.js';

onEachDatabase((databases) => {
  const requiredColumns = {
    sqlite: `SELECT name FROM pragma_table_info('approvals_requests') WHERE "notnull" = 1`,
    postgres: `SELECT column_name AS name FROM information_schema.columns
      WHERE table_name = 'approvals_requests' AND is_nullable = 'NO'`,
  };

  /** A row with these values, and something in every other column that needs it. */
  async function insert(manager: EntityManager, values: Record<string, string | number>): Promise<void> {
    const required: { name: string }[] = await manager.query(requiredColumns[databases.dialect]);
    const row = { ...Object.fromEntries(required.map(({ name }) => [name, '0'])), ...values };
    const { driver } = manager.connection;
    const places = Object.keys(row).map((name, index) => driver.createParameter(name, index));
    const statement = `INSERT INTO approvals_requests (${Object.keys(row)}) VALUES (${places})`;
    await manager.query(statement, Object.values(row));
  }

  it('gives each request of an older database its moment of change: when it was closed, or made', async () => {
    const place = await databases.open({ entities: [], migrations: [CreateApprovals1767225700000] });
    await place.database.transaction(async (manager) => {
      await insert(manager, { id: 'open', command_id: 'a', created_at: 5 });
      await insert(manager, { id: 'closed', command_id: 'b', created_at: 6, closed_at: 9 });
    });
    const migrations = [CreateApprovals1767225700000, AddUpdatedAt1767225700100];
    const after = await databaseAt(place.url).open({ entities: [], migrations });
    const rows = await after.database.read((manager) =>
      manager.query('SELECT id, updated_at FROM approvals_requests ORDER BY created_at'),
    );
    expect(rows).toEqual([
      { id: 'open', updated_at: 5 },
      { id: 'closed', updated_at: 9 },
    ]);
    await after.remove();
    await place.remove();
  });
});
