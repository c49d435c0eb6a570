import { newId } from '@expacti/persistence';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { openPolicyStage, type PolicyStage } from '../policy-stage.contract-test.js';

const org = newId('org');

/** What the columns of the many rows hold that differ from row to row; the others hold '1' or nothing. */
const varied: Record<string, string> = {
  id: `'r' || n`,
  rule_id: `'r' || n`,
  org_id: `CASE WHEN n % 50 = 0 THEN '${org}' ELSE 'o' || n % 50 END`,
  name: `'n' || n`,
  fingerprint: `'f' || n`,
  approval_id: `'a' || n`,
  session_id: `'s' || n % 1000`,
  effect: `CASE WHEN n % 3 = 0 THEN 'deny' ELSE 'allow' END`,
  kind: `CASE WHEN n % 5 = 0 THEN 'tool_call' ELSE 'command' END`,
  state: `CASE WHEN n % 7 = 0 THEN 'open' ELSE 'accepted' END`,
  version: 'n',
  changed_version: 'n',
  last_seen_at: 'n',
};

/** PostgreSQL plans by how many rows there are: those of these numbers. */
async function fill(manager: EntityManager, table: string, from: number, to: number): Promise<void> {
  const columns: { name: string; type: string }[] = await manager.query(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_name = '${table}' AND table_schema = current_schema`,
  );
  const values = columns.map(({ name, type }) => `CAST(${varied[name] ?? `'1'`} AS ${type})`);
  await manager.query(
    `INSERT INTO ${table} (${columns.map(({ name }) => name)}) SELECT ${values} FROM generate_series(${from}, ${to}) AS n`,
  );
}

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeAll(async () => {
    stage = await openPolicyStage(databases);
    if (databases.dialect === 'sqlite') return;
    for (const table of ['policy_rules', 'policy_removed_rules', 'policy_suggestions', 'policy_targets']) {
      // Piece by piece, each in a transaction of its own: a busy machine does no more in the time that one may take.
      for (let from = 1; from < 100_000; from += 10_000)
        await stage.database.transaction((manager) => fill(manager, table, from, from + 9_999));
      await stage.database.transaction((manager) => manager.query(`ANALYZE ${table}`));
    }
  }, 120_000);

  afterAll(() => stage.close());

  const explain = { sqlite: 'EXPLAIN QUERY PLAN', postgres: 'EXPLAIN (COSTS OFF)' }[databases.dialect];

  async function plan(condition: string): Promise<string> {
    const steps: Record<string, unknown>[] = await stage.database.read((manager) =>
      manager.query(`${explain} SELECT * FROM ${condition}`),
    );
    return steps.map((step) => step.detail ?? step['QUERY PLAN']).join('; ');
  }

  describe('what is asked often finds its rows by an index, without sorting', () => {
    it.each([
      [`policy_rules WHERE org_id = '${org}' AND id < 'r8' ORDER BY id DESC LIMIT 51`, 'policy_rules_by_id'],
      [`policy_rules WHERE org_id = '${org}' AND effect = 'deny' ORDER BY id DESC LIMIT 51`, 'policy_rules_by_effect'],
      [`policy_rules WHERE org_id = '${org}' AND kind = 'tool_call' ORDER BY id DESC LIMIT 51`, 'policy_rules_by_kind'],
      [`policy_rules WHERE org_id = '${org}' AND fingerprint = 'f2'`, 'policy_rules_by_fingerprint'],
      [`policy_rules WHERE org_id = '${org}' AND session_id = 's2'`, 'policy_rules_by_session'],
      [`policy_removed_rules WHERE org_id = '${org}' AND version > 99990`, 'policy_removed_rules_by_version'],
      [
        `policy_rules WHERE org_id = '${org}' AND changed_version > 99990 ORDER BY changed_version, id`,
        'policy_rules_by_change',
      ],
      [
        `policy_suggestions WHERE org_id = '${org}' AND state = 'open' ORDER BY id DESC LIMIT 51`,
        'policy_suggestions_by_state',
      ],
      [`policy_suggestions WHERE org_id = '${org}' ORDER BY last_seen_at LIMIT 1`, 'policy_suggestions_by_age'],
      [`policy_targets WHERE org_id = '${org}' AND name = 'n2'`, 'policy_targets_by_name'],
    ])('%s', async (condition, index) => {
      const found = await plan(condition);
      expect(found).toContain(index);
      if (databases.dialect === 'postgres') return expect(found).not.toContain('Seq Scan');
      expect(found).toMatch(new RegExp(`^SEARCH \\w+ USING INDEX ${index} \\(org_id=\\?`));
      expect(found).not.toMatch(/USE TEMP B-TREE FOR ORDER BY/);
    });
  });
});
