import { appendToOutbox, type Database, newId, OutboxRow, openDatabase } from '@expacti/persistence';
import {
  eventually,
  FakeClock,
  type PostgresServer,
  startPostgres,
  type TemporaryDatabase,
  temporaryDatabase,
} from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BusEvent } from './bus.js';
import { EmbeddedBus } from './embedded/embedded-bus.js';
import { LogRow } from './embedded/rows.js';
import { messagingEntities, messagingMigrations } from './messaging-schema.js';
import { OutboxRelay, type RelayTarget } from './outbox-relay.js';

const event = (number: number, key = 'k'): BusEvent => ({
  id: newId('evt'),
  type: 'test.happened',
  org: 'org_1',
  key,
  at: '2026-01-01T00:00:00.000Z',
  payload: { number },
});

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

describe.each(['SQLite', 'PostgreSQL'])('the outbox relay on %s', (engine) => {
  let storage: TemporaryDatabase;
  let database: Database;
  let clock: FakeClock;
  let bus: EmbeddedBus;
  let relay: OutboxRelay;

  const start = (target: RelayTarget): void => {
    relay = new OutboxRelay({ database, target, clock });
  };
  const logged = (): Promise<string[]> =>
    database.read(async (manager) => {
      const rows = await manager.find(LogRow, { order: { position: 'ASC' } });
      return rows.map((row) => row.eventId);
    });
  const left = (): Promise<number> => database.read((manager) => manager.count(OutboxRow));
  const decide = (events: BusEvent[]) => database.transaction((manager) => appendToOutbox(manager, events));

  beforeEach(async () => {
    storage = await temporaryDatabase({
      entities: messagingEntities,
      migrations: messagingMigrations,
      postgres: engine === 'PostgreSQL' ? server : undefined,
    });
    database = storage.database;
    clock = new FakeClock();
    bus = new EmbeddedBus({ database, clock });
  });

  afterEach(async () => {
    await relay.close();
    await bus.close();
    await storage.remove();
  });

  it('publishes what is committed, in order, at once, and wakes the subscribers', async () => {
    start(bus);
    const seen: string[] = [];
    await bus.subscribe({ group: 'g', types: ['*'], handler: async (got) => void seen.push(got.id) });
    const events = Array.from({ length: 450 }, (_, number) => event(number));
    await decide(events.slice(0, 449));
    await decide(events.slice(449));
    await eventually(() => seen.length === 450);
    expect(seen).toEqual(events.map(({ id }) => id));
    expect(await left()).toBe(0);
  });

  it('publishes what an earlier process left behind', async () => {
    const events = [event(1), event(2)];
    await decide(events);
    start(bus);
    await relay.flush();
    expect(await logged()).toEqual(events.map(({ id }) => id));
  });

  it('leaves everything in the outbox when the bus refuses, and tries again', async () => {
    let isBroken = true;
    const moody: RelayTarget = {
      publishWithin: async (manager, events) => {
        await bus.publishWithin(manager, events);
        if (isBroken) throw new Error('bus is down');
      },
      wake: (events) => bus.wake(events),
    };
    start(moody);
    const only = event(1);
    await decide([only]);
    await expect(relay.flush()).rejects.toThrow('bus is down');
    expect([await left(), await logged()]).toEqual([1, []]);
    isBroken = false;
    await eventually(async () => {
      clock.advance(1_000);
      return (await left()) === 0;
    });
    expect(await logged()).toEqual([only.id]);
  });

  it('keeps the order of each key and every event, where several processes relay what many commit at once', async () => {
    const other = await openDatabase({
      url: storage.url,
      entities: messagingEntities,
      migrations: messagingMigrations,
    });
    const moved: string[] = [];
    /** Outside of the database, as another server is: what it was given stays, and it takes its time. */
    const target: RelayTarget = {
      publishWithin: async (_manager, events) => {
        for (const { key, payload } of events) {
          await new Promise(setImmediate);
          moved.push(`${key} ${(payload as { number: number }).number}`);
        }
      },
      wake: () => undefined,
    };
    const otherRelay = new OutboxRelay({ database: other, target, clock });
    start(target);
    const both = [database, other] as const;
    const decided: string[] = [];
    /** One key's decisions, each made after the one before was committed, by whichever process. */
    const decider = async (key: string, pauses: number): Promise<void> => {
      for (let number = 0; number < 25; number += 1) {
        await both[number % 2 === 0 ? 0 : 1].transaction(async (manager) => {
          await appendToOutbox(manager, [event(2 * number, key), event(2 * number + 1, key)]);
          // The numbers in the outbox are given; others commit theirs first.
          for (let turn = 0; turn < (pauses * number) % 11; turn += 1) await new Promise(setImmediate);
        });
        decided.push(`${key} ${2 * number}`, `${key} ${2 * number + 1}`);
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, n) => decider(`k${n}`, n)));
    await Promise.all([relay.flush(), otherRelay.flush()]);
    expect(await left()).toBe(0);
    expect(moved.toSorted()).toEqual(decided.toSorted());
    for (let n = 0; n < 12; n += 1) {
      const ofKey = (entry: string) => entry.startsWith(`k${n} `);
      expect(moved.filter(ofKey)).toEqual(decided.filter(ofKey));
    }
    await otherRelay.close();
    await other.close();
  });
});
