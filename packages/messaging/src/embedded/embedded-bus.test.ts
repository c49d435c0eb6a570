import { appendToOutbox, type Database, newId } from '@expacti/persistence';
import {
  eventually,
  FakeClock,
  type PostgresServer,
  startPostgres,
  type TemporaryDatabase,
  temporaryDatabase,
} from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { busContract } from '../bus.contract-test.js';
import type { BusEvent } from '../bus.js';
import { processOnce } from '../inbox.js';
import { messagingEntities, messagingMigrations } from '../messaging-schema.js';
import { EmbeddedBus } from './embedded-bus.js';
import { EMBEDDED_LOG_TABLE } from './event-log.js';
import { trimLog } from './log-trimmer.js';
import { InboxRow, LogRow } from './rows.js';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

const policy = { maxAttempts: 3, firstDelayMs: 100, ackTimeoutMs: 10_000 };

describe.each(['SQLite', 'PostgreSQL'])('on %s', (engine) => {
  const open = (outboxTable?: string): Promise<TemporaryDatabase> =>
    temporaryDatabase({
      entities: messagingEntities,
      migrations: messagingMigrations,
      postgres: engine === 'PostgreSQL' ? server : undefined,
      ...(outboxTable === undefined ? {} : { outboxTable }),
    });

  busContract('the embedded bus', async () => {
    const storage = await open();
    const clock = new FakeClock();
    let bus = new EmbeddedBus({ database: storage.database, clock, policy });
    return {
      bus,
      clock,
      restart: async () => {
        await bus.close();
        bus = new EmbeddedBus({ database: await storage.reopen(), clock, policy });
        return bus;
      },
      dispose: async () => {
        await bus.close();
        await storage.remove();
      },
    };
  });

  describe('the embedded bus', () => {
    let storage: TemporaryDatabase;
    let clock: FakeClock;
    let database: Database;
    let bus: EmbeddedBus;

    const events = (count: number): BusEvent[] =>
      Array.from({ length: count }, (_, number) => ({
        id: newId('evt'),
        type: 'test.happened',
        org: 'org_1',
        key: `k${number % 7}`,
        at: '2026-01-01T00:00:00.000Z',
        payload: { number },
      }));
    const held = (): Promise<number> => database.read((manager) => manager.count(LogRow));

    beforeEach(async () => {
      clock = new FakeClock();
      storage = await open();
      database = storage.database;
      bus = new EmbeddedBus({ database, clock, policy });
    });

    afterEach(async () => {
      await bus.close();
      await storage.remove();
    });

    it('finds by polling what another process has published', async () => {
      const seen: string[] = [];
      await bus.subscribe({ group: 'g', types: ['*'], handler: async (event) => void seen.push(event.id) });
      await eventually(() => clock.waiting > 0);
      const [event] = events(1) as [BusEvent];
      const { id, payload, ...columns } = event;
      await database.append('messaging_log', [{ ...columns, event_id: id, payload: JSON.stringify(payload) }]);
      await eventually(() => {
        clock.advance(1_000);
        return seen.length === 1;
      });
    });

    it('publishes with the commit itself where the outbox is its log, and nothing of what was rolled back', async () => {
      const own = await open(EMBEDDED_LOG_TABLE);
      const withLog = own.database;
      const direct = new EmbeddedBus({ database: withLog, clock, policy });
      const seen: BusEvent[] = [];
      await direct.subscribe({ group: 'g', types: ['*'], handler: async (event) => void seen.push(event) });
      const [first, second, third] = events(3) as [BusEvent, BusEvent, BusEvent];
      const failing = withLog.transaction(async (manager) => {
        await appendToOutbox(manager, [first]);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      await withLog.transaction((manager) => appendToOutbox(manager, [second, third]));
      // The clock stands still: nobody has polled.
      await eventually(() => seen.length === 2);
      expect(seen).toEqual([second, third]);
      await direct.close();
      await own.remove();
    });

    it('goes on with what comes after somebody has emptied the log', async () => {
      const seen: string[] = [];
      const listen = (on: EmbeddedBus) =>
        on.subscribe({ group: 'g', types: ['*'], handler: async (event) => void seen.push(event.id) });
      await listen(bus);
      await bus.publish(events(50));
      await eventually(() => seen.length === 50);
      await bus.close();
      await database.transaction((manager) => manager.clear(LogRow));
      bus = new EmbeddedBus({ database, clock, policy });
      await listen(bus);
      const later = events(3);
      await bus.publish(later);
      await eventually(() => seen.length === 53);
      expect(seen.slice(50).sort()).toEqual(later.map(({ id }) => id).sort());
    });

    it('trims only what every group has acknowledged, and forgets those inbox entries too', async () => {
      let openGate: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        openGate = resolve;
      });
      const handler = (group: string) => async (event: BusEvent) => {
        if (group === 'slow' && (event.payload as { number: number }).number >= 300) await gate;
        await database.transaction((manager) => processOnce(manager, group, event.id, async () => undefined));
      };
      await bus.publish(events(2_000));
      for (const group of ['quick', 'slow']) await bus.subscribe({ group, types: ['*'], handler: handler(group) });
      const inbox = (groupName: string) => database.read((manager) => manager.countBy(InboxRow, { groupName }));
      await eventually(async () => (await inbox('quick')) === 2_000 && (await inbox('slow')) === 300);
      clock.advance(200);
      await eventually(async () => (await trimLog(database)) === 300);
      expect([await held(), await inbox('quick'), await inbox('slow')]).toEqual([1_700, 1_700, 0]);
      openGate();
      await eventually(async () => (await inbox('slow')) === 1_700);
      await eventually(async () => {
        clock.advance(1_000);
        return (await held()) === 1_000;
      }, 'the log to be trimmed');
      expect([await inbox('quick'), await inbox('slow')]).toEqual([1_000, 1_000]);
      expect(await bus.deadLetters()).toEqual([]);
    }, 30_000);

    it('trims nothing while no group has subscribed', async () => {
      await bus.publish(events(1_200));
      expect(await trimLog(database)).toBe(0);
      expect(await held()).toBe(1_200);
    });

    it('runs the work of one event once for each group, and again only if it failed', async () => {
      const done: string[] = [];
      const attempt = (group: string, id: string, fail = false) =>
        database.transaction((manager) =>
          processOnce(manager, group, id, async () => {
            if (fail) throw new Error('half way');
            done.push(`${group} ${id}`);
          }),
        );
      await expect(attempt('a', 'e1', true)).rejects.toThrow('half way');
      expect(await attempt('a', 'e1')).toBe(true);
      expect(await attempt('a', 'e1')).toBe(false);
      expect(await attempt('b', 'e1')).toBe(true);
      expect(done).toEqual(['a e1', 'b e1']);
    });

    it('refuses to publish when it cannot make it durable', async () => {
      await database.close();
      await expect(bus.publish(events(1))).rejects.toThrow(/closed/);
    });
  });
});
