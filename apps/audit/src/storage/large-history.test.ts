import { AuditListQuery, CommandListQuery } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import type { Fact } from '@expacti/platform';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { AuditRig } from '../../test/audit-rig.js';
import { agent, auditor, decided, story, submitted } from '../../test/fixtures.js';
import { EntryWriter } from '../service/entry-writer.js';

const COMMANDS = 3_000;
const ada = auditor();
const bot = agent();
let rig: AuditRig;

/** Every statement on the service's tables that any connection has prepared. */
const statements = new Set<string>();

function plansOfAll(): string[] {
  const file = new Sqlite(rig.file, { readonly: true });
  const plans = [...statements].flatMap((sql) => {
    const places = (sql.match(/\?/g) ?? []).length;
    const steps = file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(places).fill(1));
    return (steps as { detail: string }[]).map(({ detail }) => `${detail} — ${sql}`);
  });
  file.close();
  return plans;
}

beforeAll(async () => {
  const prepare = Sqlite.prototype.prepare;
  jest.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (this: Sqlite.Database, sql: string) {
    if (/^(SELECT|UPDATE|DELETE)/.test(sql) && sql.includes('"audit_')) statements.add(sql);
    return prepare.call(this, sql);
  } as typeof prepare);
  rig = await new AuditRig().start();
  const writer = rig.get(EntryWriter);
  const at = rig.clock.now();
  await Promise.all(
    Array.from({ length: COMMANDS }, (_, number) => {
      const one = story(`echo ${number}`, { by: bot, at: at + number });
      return writer.append((number % 10 === 0 ? submitted(one, at) : decided(one, at)) as Fact);
    }),
  );
}, 60_000);

afterAll(async () => {
  jest.restoreAllMocks();
  await rig.remove();
});

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
    expect(statements.size).toBeGreaterThan(25);
    const plans = plansOfAll();
    expect(plans.filter((plan) => plan.startsWith('SCAN'))).toEqual([]);
    expect(plans.filter((plan) => plan.startsWith('USE TEMP B-TREE'))).toEqual([]);
    // Asked for an order too, SQLite would walk the org's whole chain in that order instead.
    const ofCommands = plans.filter((plan) => plan.includes('"command_id" IN'));
    expect(ofCommands.length).toBeGreaterThan(0);
    expect(ofCommands.filter((plan) => !plan.includes('(org_id=? AND command_id=?)'))).toEqual([]);
  });
});
