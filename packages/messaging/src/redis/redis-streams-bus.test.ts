import { newId } from '@expacti/persistence';
import { eventually, FakeClock, type RedisServer, startRedis, temporaryDatabase } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { delayReplies } from '../../fixtures/delay-replies.js';
import { busContract } from '../bus.contract-test.js';
import type { BusEvent } from '../bus.js';
import { processOnce } from '../inbox.js';
import { messagingEntities, messagingMigrations } from '../messaging-schema.js';
import type { BusTrouble } from '../trouble.js';
import { partitionOf } from './partitions.js';
import { RedisStreamsBus, type RedisStreamsBusOptions } from './redis-streams-bus.js';
import { withBusScripts } from './scripts.js';

const policy = { maxAttempts: 3, firstDelayMs: 100, ackTimeoutMs: 10_000 };

let server: RedisServer;
let admin: Redis;
beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  admin.on('error', () => undefined);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

busContract('the bus on Redis Streams', async () => {
  const clock = new FakeClock();
  const settings = { url: server.url, prefix: newId('test') };
  let bus = new RedisStreamsBus({ settings, clock, policy });
  return {
    bus,
    clock,
    restart: async () => {
      await bus.close();
      bus = new RedisStreamsBus({ settings, clock, policy });
      return bus;
    },
    dispose: () => bus.close(),
  };
});

describe('the bus on Redis Streams', () => {
  const opened: RedisStreamsBus[] = [];
  const gates: (() => void)[] = [];
  let prefix: string;
  let troubles: BusTrouble[];

  /** One process's bus, on the machine's clock. */
  const open = (options: Partial<RedisStreamsBusOptions> = {}): RedisStreamsBus => {
    const bus = new RedisStreamsBus({
      settings: { url: server.url, prefix },
      policy: { firstDelayMs: 1, longestDelayMs: 50 },
      report: (trouble) => troubles.push(trouble),
      ...options,
    });
    opened.push(bus);
    return bus;
  };
  const eventOf = (number: number, key: string, more: Partial<BusEvent> = {}): BusEvent => ({
    id: newId('evt'),
    type: 'test.happened',
    org: `org_${key}`,
    key,
    at: '2026-01-01T00:00:00.000Z',
    payload: { number },
    ...more,
  });
  /** `count` events, spread over 20 keys of as many orgs. */
  const spread = (count: number, first = 0): BusEvent[] =>
    Array.from({ length: count }, (_, index) => eventOf(first + index, `k${index % 20}`));
  const numberOf = ({ payload }: BusEvent): number => (payload as { number: number }).number;
  const gate = (): Promise<void> => new Promise((resolve) => gates.push(resolve));
  const openGates = (): void => {
    for (const openGate of gates.splice(0)) openGate();
  };
  const streamOf = (key: string): string => `${prefix}:{p${partitionOf(`org_${key}`, 8)}}:events`;
  const lockOf = (key: string, group: string): string => streamOf(key).replace('events', `owner:${group}`);
  const pendingOf = async (key: string, group: string): Promise<number> => {
    const [count] = (await admin.xpending(streamOf(key), group)) as [number];
    return count;
  };
  /** Whether the group has read everything and acknowledged it. */
  const hasAll = async (key: string, group: string): Promise<boolean> => {
    const groups = (await admin.xinfo('GROUPS', streamOf(key))) as (string | number)[][];
    const own = groups.find(([, name]) => name === group) ?? [];
    const told = (name: string) => own[own.indexOf(name) + 1];
    return told('pending') === 0 && told('lag') === 0;
  };

  beforeEach(() => {
    prefix = newId('test');
    troubles = [];
  });

  afterEach(async () => {
    openGates();
    await admin.config('SET', 'maxmemory', '0');
    await Promise.all(opened.splice(0).map((bus) => bus.close()));
  });

  describe('with several processes of one group', () => {
    /** Subscribes and writes down what was handled, in one list for all. */
    const consume = async (bus: RedisStreamsBus, name: string, seen: { by: string; event: BusEvent }[]) =>
      bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (event) => {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push({ by: name, event });
        },
      });
    const expectOrder = (seen: readonly { event: BusEvent }[]): void => {
      for (const [key, entries] of Map.groupBy(seen, ({ event }) => event.key)) {
        const numbers = entries.map(({ event }) => numberOf(event));
        expect({ key, numbers }).toEqual({ key, numbers: numbers.toSorted((a, b) => a - b) });
      }
    };
    const sharesOf = async (): Promise<number[]> => {
      const locks = Array.from({ length: 8 }, (_, number) => `${prefix}:{p${number}}:owner:g`);
      return [...Map.groupBy(await admin.mget(locks), (token) => token === null).entries()]
        .filter(([isFree]) => !isFree)
        .map(([, tokens]) => tokens.length);
    };

    it('shares the partitions, hands each event to one of them, and keeps the order of each key while they come and go', async () => {
      const seen: { by: string; event: BusEvent }[] = [];
      const publisher = open();
      let published = 0;
      const publish = async (): Promise<void> => {
        await publisher.publish(spread(100, published));
        published += 100;
      };
      const one = open();
      await consume(one, 'one', seen);
      await publish();
      const two = open();
      await consume(two, 'two', seen);
      // Until the second has got its part from the first.
      await eventually(async () => {
        await publish();
        return seen.some(({ by }) => by === 'two');
      }, 'a share for the second');
      await publish();
      await one.close();
      const handledByOne = seen.filter(({ by }) => by === 'one').length;
      await publish();
      await eventually(() => seen.length >= published, 'all to be handled');
      expect(seen.filter(({ by }) => by === 'one')).toHaveLength(handledByOne);
      expect(new Set(seen.map(({ event }) => event.id)).size).toBe(published);
      expect(seen).toHaveLength(published);
      expectOrder(seen);
    });

    it('lets others take over at once when one of them leaves', async () => {
      const seen: { by: string; event: BusEvent }[] = [];
      const one = open();
      await consume(one, 'one', seen);
      await eventually(async () => (await sharesOf())[0] === 8);
      const two = open();
      const start = performance.now();
      await one.close();
      await consume(two, 'two', seen);
      await two.publish(spread(20));
      await eventually(() => seen.length === 20);
      // Waiting for the end of a tenure would take three seconds.
      expect(performance.now() - start).toBeLessThan(2_500);
    });

    it('lets a process that has lost a partition change nothing in it any more', async () => {
      const clock = new FakeClock();
      const attempts: number[] = [];
      const one = open({ clock, policy: { maxAttempts: 1 } });
      await one.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (event, { attempt }) => {
          attempts.push(attempt);
          await gate();
          if (numberOf(event) === 2) throw new Error('would be given up');
        },
      });
      await one.publish([eventOf(1, 'a'), eventOf(2, 'b', { org: 'org_a' })]);
      await eventually(() => gates.length === 2);
      await admin.set(lockOf('a', 'g'), 'somebody else');
      openGates();
      await eventually(() => troubles.some(({ kind }) => kind === 'storage_failed'));
      // It has noticed by now; neither the success nor the failure has left a trace.
      expect(await pendingOf('a', 'g')).toBe(2);
      expect(await one.deadLetters()).toEqual([]);
      expect(await admin.get(lockOf('a', 'g'))).toBe('somebody else');
      await admin.del(lockOf('a', 'g'));
      // Its own again: what it has handled is recorded now and not handled twice, what it has not comes again.
      await eventually(() => gates.length === 1, 'the second event');
      openGates();
      await eventually(() => hasAll('a', 'g'));
      expect(attempts).toEqual([1, 1, 1]);
      expect(await one.deadLetters()).toMatchObject([{ event: { payload: { number: 2 } }, attempts: 1 }]);
    });

    it('goes on with everything that waited when replies were late for nearly as long as a tenure', async () => {
      const slow = await delayReplies(server.port);
      const publisher = open();
      const bus = open({ settings: { url: slow.url, prefix } });
      const handled = new Map<string, number>();
      await bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: async ({ id }) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          handled.set(id, (handled.get(id) ?? 0) + 1);
        },
      });
      let published = 0;
      // What a slow disk does: executed, answered late. Somewhere among these the belief ends before the answer comes.
      for (const hold of [2_000, 2_300, 2_600]) {
        await publisher.publish(
          Array.from({ length: 600 }, (_, number) => eventOf(published + number, `k${number % 3}`)),
        );
        published += 600;
        await eventually(() => handled.size > published - 550);
        slow.holdFor(hold);
        await eventually(() => handled.size === published, 'every event', 25_000);
      }
      await bus.close();
      await slow.close();
    }, 60_000);

    it('does each effect once, though deliveries repeat and come in another order across keys', async () => {
      const temporary = await temporaryDatabase({ entities: messagingEntities, migrations: messagingMigrations });
      const done: string[] = [];
      let deliveries = 0;
      const consumers = [open(), open()];
      for (const bus of consumers) {
        await bus.subscribe({
          group: 'g',
          types: ['*'],
          handler: async (event) => {
            deliveries += 1;
            await temporary.database.transaction((manager) =>
              processOnce(manager, 'g', event.id, async () => void done.push(event.id)),
            );
          },
        });
      }
      const events = spread(400);
      for (let start = 0; start < events.length; start += 50) {
        await consumers[0]?.publish(events.slice(start, start + 50));
        for (let partition = 0; partition < 8; partition += 1) {
          const stream = `${prefix}:{p${partition}}:events`;
          // Everything once more from the beginning, beside what is under way.
          await admin.xgroup('SETID', stream, 'g', '0');
          // And again at the end, as from a publisher that knows nothing of ids.
          for (const [, fields] of await admin.xrange(stream, '-', '+', 'COUNT', 3))
            await admin.xadd(stream, '*', ...fields);
        }
      }
      await eventually(() => done.length === 400 && deliveries > 800, 'all to be done', 20_000);
      expect(new Set(done)).toEqual(new Set(events.map(({ id }) => id)));
      await Promise.all(consumers.map((bus) => bus.close()));
      expect(done).toHaveLength(400);
      await temporary.remove();
    });
  });

  it('gives up a poison message while everything else flows', async () => {
    const bus = open({ policy: { maxAttempts: 4, firstDelayMs: 1 } });
    const seen: number[] = [];
    await bus.subscribe({
      group: 'g',
      types: ['*'],
      handler: async (event) => {
        if (numberOf(event) === 7) throw new Error('poison');
        seen.push(numberOf(event));
      },
    });
    await bus.publish(spread(100));
    await eventually(() => seen.length === 99);
    await eventually(async () => (await bus.deadLetters('g')).length === 1);
    expect(await bus.deadLetters('g')).toMatchObject([{ event: { payload: { number: 7 } }, attempts: 4 }]);
    expect(troubles.filter(({ kind }) => kind === 'dead_letter')).toHaveLength(1);
  });

  it('replays a dead letter for its own group only, and lists the newest first', async () => {
    const bus = open({ policy: { maxAttempts: 1 } });
    let isBroken = true;
    const others: number[] = [];
    const replayed: number[] = [];
    await bus.subscribe({
      group: 'broken',
      types: ['*'],
      handler: async (event) => {
        if (isBroken) throw new Error('no');
        replayed.push(numberOf(event));
      },
    });
    await bus.subscribe({ group: 'other', types: ['*'], handler: async (event) => void others.push(numberOf(event)) });
    await bus.subscribeEphemeral({ types: ['*'], handler: (event) => void others.push(100 + numberOf(event)) });
    for (const number of [1, 2, 3]) {
      await bus.publish([eventOf(number, `k${number}`)]);
      await eventually(async () => (await bus.deadLetters()).length === number);
    }
    const letters = await bus.deadLetters('broken');
    expect(letters.map(({ event }) => numberOf(event))).toEqual([3, 2, 1]);
    isBroken = false;
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => bus.replay(letters[1]?.id ?? '')));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    await eventually(() => replayed.length === 1);
    await eventually(() => hasAll('k2', 'other'));
    expect([replayed, others.toSorted((a, b) => a - b)]).toEqual([[2], [1, 2, 3, 101, 102, 103]]);
    expect(await bus.replay('dead_3_not-an-id')).toBe(false);
    expect(await bus.replay('dead_99_1-1')).toBe(false);
  });

  describe('trimming', () => {
    const handle = async (): Promise<void> => undefined;

    it('keeps what a slow or an absent group has not acknowledged, and forgets the ids of what goes', async () => {
      const bus = open({ keepForMs: 0 });
      const absent = await bus.subscribe({ group: 'absent', types: ['*'], handler: handle });
      await absent.close();
      const first = Array.from({ length: 1_500 }, (_, number) => eventOf(number, 'a'));
      await bus.publish(first);
      let handled = 0;
      await bus.subscribe({
        group: 'slow',
        types: ['*'],
        handler: async (event) => {
          if (numberOf(event) === 300) await gate();
          handled += 1;
        },
      });
      await eventually(() => handled === 300 && gates.length === 1);
      expect(await bus.trim()).toBe(0);
      await bus.subscribe({ group: 'absent', types: ['*'], handler: handle });
      await eventually(() => hasAll('a', 'absent'), 'the absent group to catch up');
      await eventually(async () => (await pendingOf('a', 'slow')) === 1_200);
      expect(await bus.trim()).toBe(300);
      expect(await admin.xlen(streamOf('a'))).toBe(1_200);
      expect(await admin.scard(streamOf('a').replace('events', 'ids'))).toBe(1_200);
      openGates();
      await eventually(() => hasAll('a', 'slow'));
      expect(await bus.trim()).toBe(200);
      expect(await bus.trim()).toBe(0);
      // Still held, so still kept once; the others are gone and forgotten.
      await bus.publish(first.slice(-10));
      expect(await admin.xlen(streamOf('a'))).toBe(1_000);
      expect(await bus.oldestHeldAt()).toBe(
        Number((await admin.xrange(streamOf('a'), '-', '+', 'COUNT', 1))[0]?.[0].split('-')[0]),
      );
    }, 60_000);

    it('keeps for a while what everybody has, for readers that are a little late', async () => {
      const bus = open();
      await bus.subscribe({ group: 'quick', types: ['*'], handler: handle });
      await bus.publish(Array.from({ length: 1_200 }, (_, number) => eventOf(number, 'a')));
      await eventually(() => hasAll('a', 'quick'));
      expect(await bus.trim()).toBe(0);
      expect(await open({ keepForMs: 0 }).trim()).toBe(200);
    });

    it('removes nothing that a lasting group has not had, though none of its processes has started yet', async () => {
      const bus = open({ keepForMs: 0, groups: ['late'] });
      await bus.ready();
      await bus.subscribe({ group: 'early', types: ['*'], handler: handle });
      await bus.publish(Array.from({ length: 1_500 }, (_, number) => eventOf(number, 'a')));
      await eventually(() => hasAll('a', 'early'));
      expect(await bus.trim()).toBe(0);
      let handled = 0;
      await open().subscribe({
        group: 'late',
        types: ['*'],
        handler: async () => {
          handled += 1;
        },
      });
      await eventually(() => handled === 1_500);
    });

    it('removes nothing while no group has subscribed', async () => {
      const bus = open();
      await bus.publish(Array.from({ length: 1_200 }, (_, number) => eventOf(number, 'a')));
      expect(await bus.trim()).toBe(0);
      expect(await admin.xlen(streamOf('a'))).toBe(1_200);
    });

    it('forgets the consumers of processes that ended long ago, but none that has deliveries', async () => {
      const stream = streamOf('a');
      const scripted = withBusScripts(new Redis(server.url));
      await scripted.busOpenGroup(stream, 'g', '0');
      await scripted.xadd(stream, '*', 'id', 'evt_1');
      await scripted.xreadgroup('GROUP', 'g', 'owing', 'COUNT', 1, 'STREAMS', stream, '>');
      await scripted.xgroup('CREATECONSUMER', stream, 'g', 'gone');
      expect(await scripted.busForgetConsumers(stream, 'g', 60_000)).toBe(0);
      await eventually(async () => (await scripted.busForgetConsumers(stream, 'g', 1)) === 1);
      const [left, ...others] = (await scripted.xinfo('CONSUMERS', stream, 'g')) as string[][];
      expect([left?.[1], others]).toEqual(['owing', []]);
      expect(await pendingOf('a', 'g')).toBe(1);
      scripted.disconnect();
    });
  });

  describe('on a server in trouble', () => {
    it('refuses to publish when it is full, goes on consuming, makes room, and publishes again', async () => {
      const bus = open({ partitions: 1 });
      const consumer = open({ partitions: 1 });
      const seen = new Set<string>();
      let isOpen = false;
      await consumer.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (event) => {
          if (!isOpen) await gate();
          seen.add(event.id);
        },
      });
      const { used_memory: used } = Object.fromEntries(
        (await admin.info('memory')).split('\r\n').map((line) => line.split(':')),
      ) as { used_memory: string };
      await admin.config('SET', 'maxmemory', String(Number(used) + 8_000_000));
      const promised: string[] = [];
      let refusal: unknown;
      while (refusal === undefined) {
        const event = eventOf(promised.length, `k${promised.length % 20}`, { payload: 'x'.repeat(8_000) });
        await bus.publish([event]).then(
          () => promised.push(event.id),
          (error: unknown) => {
            refusal = error;
          },
        );
      }
      expect(refusal).toMatchObject({ code: 'UNAVAILABLE', retryable: true, detail: expect.stringMatching(/full/) });
      isOpen = true;
      openGates();
      await eventually(() => seen.size === promised.length, 'all to be consumed');
      const late = eventOf(0, 'late');
      await eventually(
        () =>
          bus.publish([late]).then(
            () => true,
            () => false,
          ),
        'room',
      );
      await eventually(() => seen.has(late.id));
      expect(promised.filter((id) => !seen.has(id))).toEqual([]);
    }, 60_000);

    it('refuses to publish while the server is away or stands still, in time, and serves again afterwards', async () => {
      const bus = open();
      const seen: number[] = [];
      await bus.subscribe({ group: 'g', types: ['*'], handler: async (event) => void seen.push(numberOf(event)) });
      await bus.publish([eventOf(1, 'a')]);
      await eventually(() => seen.length === 1);
      server.pause();
      const start = performance.now();
      const refused = bus.publish([eventOf(2, 'a')]).catch((error: unknown) => error);
      expect(await refused).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      expect(performance.now() - start).toBeLessThan(6_000);
      server.resume();
      await eventually(
        () =>
          bus.publish([eventOf(3, 'a')]).then(
            () => true,
            () => false,
          ),
        'its return',
      );
      await eventually(() => seen.includes(3), 'the delivery', 20_000);
      await server.kill();
      const later = bus.publish([eventOf(4, 'a')]);
      await server.restart();
      await later;
      await eventually(() => seen.includes(4), 'the delivery after a restart', 20_000);
    }, 60_000);

    it('misses nothing on an ephemeral subscription when its connection is lost', async () => {
      const bus = open();
      const seen: number[] = [];
      await bus.subscribeEphemeral({ types: ['*'], handler: (event) => void seen.push(numberOf(event)) });
      for (let number = 0; number < 200; number += 1) {
        if (number % 40 === 20) await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        await bus.publish([eventOf(number, 'a')]);
      }
      await eventually(() => seen.length === 200, 'all of them', 20_000);
      expect(seen).toEqual(Array.from({ length: 200 }, (_, number) => number));
    }, 60_000);

    it('makes its groups anew when somebody has emptied the server, says so, and goes on', async () => {
      const bus = open();
      const seen: number[] = [];
      const pushed: number[] = [];
      await bus.subscribe({ group: 'g', types: ['*'], handler: async (event) => void seen.push(numberOf(event)) });
      await bus.subscribeEphemeral({ types: ['*'], handler: (event) => void pushed.push(numberOf(event)) });
      await bus.publish([eventOf(1, 'a')]);
      await eventually(() => seen.length === 1 && pushed.length === 1);
      await admin.flushall();
      await bus.publish([eventOf(2, 'a')]);
      await eventually(() => seen.includes(2) && pushed.includes(2), 'the event after it', 20_000);
      expect(troubles.some(({ kind }) => kind === 'storage_failed')).toBe(true);
    }, 60_000);
  });

  it('keeps apart what is published at the same time: one that cannot be sent fails alone', async () => {
    const bus = open();
    const seen: number[] = [];
    await bus.subscribe({ group: 'g', types: ['*'], handler: async (event) => void seen.push(numberOf(event)) });
    const outcomes = await Promise.allSettled([
      bus.publish([eventOf(1, 'a')]),
      bus.publish([eventOf(2, 'a'), eventOf(3, 'a', { payload: 10n })]),
      ...Array.from({ length: 300 }, (_, index) => bus.publish([eventOf(10 + index, 'a')])),
    ]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { name: 'TypeError' } });
    await eventually(() => seen.length === 301);
    expect(seen).not.toContain(2);
    expect(await admin.xlen(streamOf('a'))).toBe(301);
  });

  it('refuses a process that would spread orgs over another number of partitions', async () => {
    await open({ partitions: 4 }).ready();
    await open().ready();
    await expect(open({ partitions: 8 }).ready()).rejects.toThrow(/wants 8 partitions, but this installation has 4/);
    await expect(open({ partitions: 8 }).publish([eventOf(1, 'a')])).rejects.toThrow(/wants 8 partitions/);
  });

  it('publishes, lists and replays nothing once it is closed', async () => {
    const bus = open();
    await bus.publish([eventOf(1, 'a')]);
    await bus.close();
    await expect(bus.publish([eventOf(2, 'a')])).rejects.toThrow(/closed/);
    await expect(bus.deadLetters()).rejects.toThrow(/closed/);
  });
});
