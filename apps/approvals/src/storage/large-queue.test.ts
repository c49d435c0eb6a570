import { ApprovalListQuery } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { ApprovalsRig } from '../../test/approvals-rig.js';
import { agent, ballot, held, reviewer } from '../../test/fixtures.js';
import { openRequest } from '../domain/open-request.js';
import { requestColumns } from './request-mapping.js';
import { RequestRow } from './request-row.js';

const PENDING = 10_000;
const AGENTS = 40;

const rita = reviewer();
const agents = Array.from({ length: AGENTS }, (_, number) => agent({ name: `bot ${number}` }));

let rig: ApprovalsRig;

/** Every statement on the service's tables that any connection has prepared. */
const statements = new Set<string>();

function plansOfAll(): string[] {
  const file = new Sqlite(rig.file, { readonly: true });
  const plans = [...statements].flatMap((sql) => planOf(file, sql).map((plan) => `${plan} — ${sql}`));
  file.close();
  return plans;
}

function planOf(file: Sqlite.Database, sql: string): string[] {
  const places = (sql.match(/\?/g) ?? []).length;
  const steps = file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(places).fill(1));
  return (steps as { detail: string }[]).map(({ detail }) => detail);
}

beforeAll(async () => {
  const prepare = Sqlite.prototype.prepare;
  jest.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (this: Sqlite.Database, sql: string) {
    if (/^(SELECT|UPDATE|DELETE)/.test(sql) && sql.includes('"approvals_')) statements.add(sql);
    return prepare.call(this, sql);
  } as typeof prepare);
  rig = await new ApprovalsRig().start();
  // What the migrations asked is none of it.
  statements.clear();
  const rows = Array.from({ length: PENDING }, (_, number) => {
    const by = agents[number % AGENTS] as (typeof agents)[number];
    const request = openRequest(
      held(`echo ${number}`, { timeout: { action: 'hold', seconds: 86_400 } }),
      by,
      rig.clock.now() + number,
    );
    return { ...requestColumns(request), updatedAt: request.createdAt, fingerprint: 'f', version: 1 };
  });
  await rig.database.transaction(async (manager) => {
    for (let at = 0; at < PENDING; at += 200) await manager.insert(RequestRow, rows.slice(at, at + 200));
  });
});

afterAll(async () => {
  jest.restoreAllMocks();
  await rig.remove();
});

describe('a queue of 10 000', () => {
  it('is read page by page, complete, newest first, without repeats', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = ApprovalListQuery.parse({ limit: 200, status: 'pending', ...(cursor ? { cursor } : {}) });
      const page = await rig.ask('approvals.list', { principal: rita, query });
      seen.push(...page.data.map(({ command }) => command));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: PENDING }, (_, number) => `echo ${PENDING - 1 - number}`));
  });

  it('refuses a cursor that is none', async () => {
    const ask = rig.ask('approvals.list', { principal: rita, query: { limit: 5, cursor: 'nonsense' } });
    await expect(ask).rejects.toMatchObject({ code: 'INVALID' });
  });

  it('is never scanned or sorted, whatever is asked', async () => {
    const by = agents[0] as (typeof agents)[number];
    const first = await rig.ask('approvals.list', { principal: rita, query: { limit: 1 } });
    const [newest] = first.data;
    if (!newest) throw new Error('empty');
    const cursor = first.next_cursor ?? '';
    const ofAgent = { agent_id: by.id };
    const filters = [
      {},
      { status: 'pending' },
      ofAgent,
      { ...ofAgent, status: 'pending' },
      { session_id: newId('ses') },
      { updated_since: timestamp(rig.clock.now()) },
      { updated_since: timestamp(rig.clock.now()), status: 'pending' },
    ];
    for (const filter of filters.flatMap((one) => [one, { ...one, cursor }])) {
      await rig.ask('approvals.list', { principal: rita, query: ApprovalListQuery.parse({ limit: 50, ...filter }) });
    }
    const { command } = await rig.ask('approvals.submit', {
      principal: by,
      held: held('more', { pending_limit: 1_000 }),
    });
    await rig.ask('approvals.vote', ballot(rita, newest));
    await rig.ask('approvals.cancel', { principal: by, id: command.id });
    rig.clock.advance(5_000);
    await rig.ask('approvals.get', { principal: rita, id: newest.id });

    expect(statements.size).toBeGreaterThan(15);
    const plans = plansOfAll();
    expect(plans.filter((plan) => plan.startsWith('SCAN'))).toEqual([]);
    // The votes of one page are put in order after the index has found them; nothing else is sorted.
    const sorted = plans.filter((plan) => plan.startsWith('USE TEMP B-TREE'));
    expect(sorted.filter((plan) => !plan.includes('approvals_votes'))).toEqual([]);
  });
});
