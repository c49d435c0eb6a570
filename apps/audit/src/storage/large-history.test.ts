import { AuditListQuery, CommandListQuery } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import type { Fact } from '@expacti/platform';
import { QueryRecorder } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRig } from '../../test/audit-rig.js';
import { agent, auditor, decided, story, submitted } from '../../test/fixtures.js';
import { EntryWriter } from '../service/entry-writer.js';
import { CommandRow } from './command-row.js';
import { EntryRow } from './entry-row.js';

const COMMANDS = 3_000;
const ada = auditor();
const bot = agent();

const SCANS = { sqlite: /^SCAN/, postgres: /Seq Scan on audit_(commands|entries)/ };

onEachDatabase((databases) => {
  let rig: AuditRig;
  let queries: QueryRecorder;

  beforeAll(async () => {
    rig = await new AuditRig(databases).start();
    queries = await QueryRecorder.on(rig.database, 'audit_');
    const writer = rig.get(EntryWriter);
    const at = rig.clock.now();
    await Promise.all(
      Array.from({ length: COMMANDS }, (_, number) => {
        const one = story(`echo ${number}`, { by: bot, at: at + number });
        return writer.append((number % 10 === 0 ? submitted(one, at) : decided(one, at)) as Fact);
      }),
    );
  }, 120_000);

  afterAll(() => rig.remove());

  /** PostgreSQL plans by how many rows there are: 100 000 of many orgs and agents, made of those that were told. */
  async function multiply(): Promise<void> {
    const copies = Math.ceil(100_000 / COMMANDS);
    const changed: Record<string, string> = {
      id: "id || '-' || n",
      event_id: "event_id || '-' || n",
      org_id: 'CASE WHEN n % 3 = 0 THEN org_id || n ELSE org_id END',
      sequence: `sequence + ${COMMANDS} * n`,
      created_at: 'created_at - 3600000 * n',
      at: 'at - 3600000 * n',
      agent_id: 'agent_id || n',
      actor_id: 'actor_id || n',
      command_id: "command_id || '-' || n",
      subject_id: "subject_id || '-' || n",
      source: "CASE WHEN source IS NOT NULL AND n % 5 = 0 THEN 'reviewer' ELSE source END",
    };
    // Copy by copy, each in a transaction of its own: a busy machine does no more in the time that one may take.
    for (const [entity, key] of [
      [CommandRow, 'id'],
      [EntryRow, 'event_id'],
    ] as const) {
      for (let n = 1; n <= copies; n += 1)
        await rig.database.transaction((manager) => {
          const { columns, tableName } = manager.connection.getMetadata(entity);
          const names = columns.map(({ databaseName }) => databaseName);
          const values = names.map((name) => changed[name] ?? name);
          return manager.query(`INSERT INTO ${tableName} (${names})
            SELECT ${values} FROM ${tableName}, (SELECT ${n} AS n) AS copy WHERE ${key} NOT LIKE '%-%'`);
        });
      await rig.database.transaction((manager) =>
        manager.query(`ANALYZE ${manager.connection.getMetadata(entity).tableName}`),
      );
    }
  }

  describe('a long history', () => {
    it('is complete, and counted as it grows', async () => {
      const chain = await rig.chain(ada);
      expect(chain).toHaveLength(COMMANDS);
      const summary = await rig.ask('audit.summary', { principal: ada });
      expect(summary).toMatchObject({ pending: COMMANDS / 10, today: { by_rule: COMMANDS - COMMANDS / 10 } });
    });

    it('is found through an index, whatever is asked', async () => {
      const principal = ada;
      const commands = await rig.ask('audit.commands.list', { principal, query: { limit: 1 } });
      const entries = await rig.ask('audit.entries', { principal, query: { limit: 1 } });
      const filters = [
        {},
        { status: 'pending' },
        { kind: 'tool_call' },
        { source: 'reviewer' },
        { agent_id: bot.id },
        { session_id: newId('ses') },
        { rule_id: newId('rule') },
        { target: 'web' },
        { q: 'echo 1' },
        { since: new Date(0).toISOString(), until: new Date(rig.clock.now()).toISOString() },
      ];
      for (const filter of filters.flatMap((one) => [one, { ...one, cursor: commands.next_cursor ?? '' }]))
        await rig.ask('audit.commands.list', { principal, query: CommandListQuery.parse(filter) });
      const entryFilters = [{}, { action: 'rule.created' }, { actor_id: bot.id }, { subject_id: newId('cmd') }];
      for (const filter of entryFilters.flatMap((one) => [one, { ...one, cursor: entries.next_cursor ?? '' }]))
        await rig.ask('audit.entries', { principal, query: AuditListQuery.parse(filter) });
      const [newest] = commands.data;
      const id = newest?.id ?? '';
      await rig.ask('audit.commands.get', { principal, id });
      await rig.ask('audit.commands.timeline', { principal, id });
      await rig.ask('audit.commands.result', { principal: bot, id, result: { exit_code: 0, duration_ms: 1 } });
      await rig.ask('audit.commands.recent', { org: ada.org, since: new Date(0).toISOString(), limit: 5 });
      await rig.ask('audit.head', { principal });
      expect(queries.size).toBeGreaterThan(25);
      if (databases.dialect === 'postgres') await multiply();
      const plans = await queries.plans();
      const found = (pattern: RegExp) => plans.filter(({ steps }) => steps.some((step) => pattern.test(step)));
      expect(found(SCANS[databases.dialect])).toEqual([]);
      // PostgreSQL may sort what an index has found.
      expect(found(/^USE TEMP B-TREE/)).toEqual([]);
      // Asked for an order too, SQLite would walk the org's whole chain in that order instead.
      const ofCommands = plans.filter(({ statement }) => /"command_id" IN/.test(statement));
      expect(ofCommands.length).toBeGreaterThan(0);
      if (databases.dialect === 'sqlite')
        expect(ofCommands.filter(({ steps }) => !steps.join().includes('(org_id=? AND command_id=?)'))).toEqual([]);
    }, 120_000);
  });
});
