import { type Database, newId, openDatabase } from '@expacti/persistence';
import { type PostgresServer, startPostgres, type TemporaryDatabase, temporaryDatabase } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BusEvent } from '../bus.js';
import { messagingEntities, messagingMigrations } from '../messaging-schema.js';
import { EventLog } from './event-log.js';
import { LogRow } from './rows.js';

const event = (): BusEvent => ({
  id: newId('evt'),
  type: 'test.happened',
  org: 'org_1',
  key: 'k',
  at: '2026-01-01T00:00:00.000Z',
  payload: {},
});

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the log on PostgreSQL, where commits overtake one another', () => {
  let server: PostgresServer;
  let storage: TemporaryDatabase;
  let other: Database;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server.stop());

  beforeEach(async () => {
    storage = await temporaryDatabase({
      entities: messagingEntities,
      migrations: messagingMigrations,
      postgres: server,
    });
    other = await openDatabase({ url: storage.url, entities: messagingEntities, migrations: messagingMigrations });
  });

  afterEach(async () => {
    await other.close();
    await storage.remove();
  });

  it('shows no position behind one that a reader has passed, whoever publishes and however slowly', async () => {
    const logs = [storage.database, other].map((database) => ({ database, log: new EventLog(database) }));
    const published: string[] = [];
    let publishing = 16;
    const publisher = async (number: number): Promise<void> => {
      const { database, log } = logs[number % 2] as (typeof logs)[number];
      for (let n = 0; n < 25; n += 1) {
        const events = [event(), event()];
        if (number % 4 < 2) await log.append(events);
        else
          await database.transaction(async (manager) => {
            await log.appendWithin(manager, events);
            // Its positions are given; others would now be quicker to commit theirs.
            await turns((number * 7 + n) % 20);
          });
        published.push(...events.map(({ id }) => id));
      }
      publishing -= 1;
    };
    const seen: string[] = [];
    const reader = async (): Promise<void> => {
      let position = 0;
      for (let isLast = false; ; ) {
        const found = await (logs[0] as (typeof logs)[number]).log.after(position, 100);
        for (const one of found) {
          expect(one.position).toBeGreaterThan(position);
          position = one.position;
          seen.push(one.eventId);
        }
        if (isLast && found.length === 0) return;
        isLast = publishing === 0;
      }
    };
    await Promise.all([reader(), ...Array.from({ length: 16 }, (_, number) => publisher(number))]);
    expect(published).toHaveLength(800);
    expect(seen.toSorted()).toEqual(published.toSorted());
  });

  it('holds an event once that two publish at once', async () => {
    const events = Array.from({ length: 30 }, event);
    const logs = [new EventLog(storage.database), new EventLog(other)];
    await Promise.all(logs.flatMap((log) => events.map((one) => log.append([one]))));
    await Promise.all(logs.map((log) => log.append([...events, ...events])));
    const held = await other.read((manager) => manager.find(LogRow, { order: { position: 'ASC' } }));
    expect(held.map(({ eventId }) => eventId).sort()).toEqual(events.map(({ id }) => id).sort());
    expect(await logs[0]?.end()).toBe(held.at(-1)?.position);
  });
});
