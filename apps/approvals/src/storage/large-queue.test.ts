import { ApprovalListQuery } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { QueryRecorder } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApprovalsRig } from '../../test/approvals-rig.js';
import { agent, ballot, held, reviewer } from '../../test/fixtures.js';
import { openRequest } from '../domain/open-request.js';
import { requestColumns } from './request-mapping.js';
import { RequestRow } from './request-row.js';

const PENDING = 10_000;
/** On PostgreSQL, which plans by how many rows there are: as many closed requests for each that waits. */
const CLOSED_FOR_EACH = 9;
const AGENTS = 40;

const SCANS = { sqlite: /^SCAN/, postgres: /Seq Scan on approvals_requests/ };
const SORTS = { sqlite: /^USE TEMP B-TREE/, postgres: /^(->\s+)?Sort$/ };

const rita = reviewer();
const agents = Array.from({ length: AGENTS }, (_, number) => agent({ name: `bot ${number}` }));

onEachDatabase((databases) => {
  let rig: ApprovalsRig;
  let queries: QueryRecorder;

  /** Requests of former days, made of those that wait. */
  async function addClosed(): Promise<void> {
    // A day at a time, each in a transaction of its own: a busy machine does no more in the time that one may take.
    for (let day = 1; day <= CLOSED_FOR_EACH; day += 1) {
      const changed: Record<string, string> = {
        id: `id || '-' || ${day}`,
        command_id: `command_id || '-' || ${day}`,
        status: "'denied'",
        created_at: `created_at - ${86_400_000 * day}`,
      };
      await rig.database.transaction(async (manager) => {
        const columns = manager.connection.getMetadata(RequestRow).columns.map(({ databaseName }) => databaseName);
        const values = columns.map((column) => changed[column] ?? column);
        await manager.query(
          `INSERT INTO approvals_requests (${columns}) SELECT ${values} FROM approvals_requests WHERE status = 'pending'`,
        );
      });
    }
    await rig.database.transaction((manager) => manager.query('ANALYZE approvals_requests'));
  }

  beforeAll(async () => {
    rig = await new ApprovalsRig(databases).start();
    const rows = Array.from({ length: PENDING }, (_, number) => {
      const by = agents[number % AGENTS] as (typeof agents)[number];
      const request = openRequest(
        held(`echo ${number}`, { timeout: { action: 'hold', seconds: 86_400 } }),
        by,
        rig.clock.now() + number,
      );
      return { ...requestColumns(request), updatedAt: request.createdAt, fingerprint: 'f', version: 1 };
    });
    for (let at = 0; at < PENDING; at += 50)
      await rig.database.transaction((manager) => manager.insert(RequestRow, rows.slice(at, at + 50)));
    queries = await QueryRecorder.on(rig.database, 'approvals_');
  }, 120_000);

  afterAll(async () => {
    expect(rig.failures).toEqual([]);
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

      expect(queries.size).toBeGreaterThan(15);
      if (databases.dialect === 'postgres') await addClosed();
      const plans = await queries.plans();
      const wrong = plans.filter(({ steps }) => steps.some((step) => SCANS[databases.dialect].test(step)));
      expect(wrong).toEqual([]);
      // The votes of one page are put in order after the index has found them; nothing else is sorted.
      const sorted = plans.filter(({ steps }) => steps.some((step) => SORTS[databases.dialect].test(step)));
      expect(sorted.filter(({ statement }) => !statement.includes('approvals_votes'))).toEqual([]);
    }, 60_000);
  });
});
