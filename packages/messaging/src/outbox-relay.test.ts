import { join } from 'node:path';
import { appendToOutbox, type Database, newId, OutboxRow, openDatabase } from '@expacti/persistence';
import { eventually, FakeClock, temporaryFolder } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BusEvent } from './bus.js';
import { EmbeddedBus } from './embedded/embedded-bus.js';
import { LogRow } from './embedded/rows.js';
import { messagingEntities, messagingMigrations } from './messaging-schema.js';
import { OutboxRelay, type RelayTarget } from './outbox-relay.js';

const event = (number: number): BusEvent => ({
  id: newId('evt'),
  type: 'test.happened',
  org: 'org_1',
  key: 'k',
  at: '2026-01-01T00:00:00.000Z',
  payload: { number },
});

describe('the outbox relay', () => {
  let folder: ReturnType<typeof temporaryFolder>;
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
    folder = temporaryFolder();
    clock = new FakeClock();
    database = await openDatabase({
      url: `sqlite:${join(folder.path, 'relay.db')}`,
      entities: messagingEntities,
      migrations: messagingMigrations,
    });
    bus = new EmbeddedBus({ database, clock });
  });

  afterEach(async () => {
    await relay.close();
    await bus.close();
    await database.close();
    folder.remove();
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
});
