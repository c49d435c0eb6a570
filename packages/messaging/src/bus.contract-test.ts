import { newId } from '@expacti/persistence';
import { eventually, type FakeClock } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bus, BusEvent } from './bus.js';

/** One adapter under test, with policy { maxAttempts: 3, firstDelayMs: 100, ackTimeoutMs: 10 000 } on a fake clock. */
export interface BusUnderTest {
  readonly bus: Bus;
  readonly clock: FakeClock;
  /** Closes the bus and opens another one on the same storage, as a restart does. */
  restart(): Promise<Bus>;
  dispose(): Promise<void>;
}

const event = (number: number, key = 'k', type = 'test.happened'): BusEvent => ({
  id: newId('evt'),
  type,
  org: 'org_1',
  key,
  at: '2026-01-01T00:00:00.000Z',
  payload: { number },
});

const numberOf = ({ payload }: BusEvent): number => (payload as { number: number }).number;

/** What every `Bus` must do, whatever is behind it. */
export function busContract(name: string, makeBus: () => Promise<BusUnderTest>): void {
  describe(`${name}, as a bus`, () => {
    let under: BusUnderTest;
    let bus: Bus;

    beforeEach(async () => {
      under = await makeBus();
      bus = under.bus;
    });

    afterEach(() => under.dispose());

    /** Subscribes a group that writes down the numbers that it gets. */
    const record = async (group: string, types = ['test.*']): Promise<number[]> => {
      const seen: number[] = [];
      await bus.subscribe({ group, types, handler: async (got) => void seen.push(numberOf(got)) });
      return seen;
    };

    it('delivers each event to each group, as a copy made of JSON', async () => {
      const copies: BusEvent[] = [];
      const keep = async (got: BusEvent) => void copies.push(got);
      await bus.subscribe({ group: 'one', types: ['test.happened'], handler: keep });
      await bus.subscribe({ group: 'two', types: ['test.*'], handler: keep });
      const published = { ...event(1), payload: { text: 'é\u2028"', nested: [null, 1.5] } };
      await bus.publish([published]);
      await eventually(() => copies.length === 2);
      expect(copies).toEqual([published, published]);
      expect(copies[0]?.payload).not.toBe(copies[1]?.payload);
      expect(copies[0]?.payload).not.toBe(published.payload);
    });

    it('delivers only the types that were asked for', async () => {
      const exact = await record('exact', ['test.happened']);
      const family = await record('family', ['other.*']);
      const all = await record('all', ['*']);
      await bus.publish([event(1), event(2, 'k', 'test.happened_not'), event(3, 'k', 'other.thing')]);
      await eventually(() => all.length === 3 && exact.length > 0 && family.length > 0);
      expect([exact, family, all]).toEqual([[1], [3], [1, 2, 3]]);
    });

    it('refuses a subscription without types, with a malformed one, or a second one for the group', async () => {
      const handler = async () => undefined;
      await expect(bus.subscribe({ group: 'a', types: [], handler })).rejects.toThrow(/at least one/);
      await expect(bus.subscribe({ group: 'a', types: ['test*'], handler })).rejects.toThrow(/not an event type/);
      await bus.subscribe({ group: 'a', types: ['test.*'], handler });
      await expect(bus.subscribe({ group: 'a', types: ['test.*'], handler })).rejects.toThrow(/already/);
    });

    it('lets a new group begin at the start or now', async () => {
      await bus.publish([event(1)]);
      const late: number[] = [];
      const fromNow = async (got: BusEvent) => void late.push(numberOf(got));
      await bus.subscribe({ group: 'now', types: ['*'], handler: fromNow, from: 'now' });
      const all = await record('start');
      await bus.publish([event(2)]);
      await eventually(() => all.length === 2 && late.length === 1);
      expect([all, late]).toEqual([[1, 2], [2]]);
    });

    it('keeps the order of each key, whatever pauses its handlers make', async () => {
      const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { minLength: 1, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(steps, async (plan) => {
          const group = newId('group');
          const seen: string[] = [];
          const running = new Set<string>();
          const subscription = await bus.subscribe({
            group,
            types: [`test.${group}`],
            handler: async (got) => {
              if (running.has(got.key)) throw new Error(`two at once for ${got.key}`);
              running.add(got.key);
              const turns = plan[numberOf(got)]?.[1] ?? 0;
              for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
              seen.push(`${got.key}${numberOf(got)}`);
              running.delete(got.key);
            },
          });
          await bus.publish(plan.map(([key], index) => event(index, key, `test.${group}`)));
          await eventually(() => seen.length === plan.length);
          for (const key of ['a', 'b', 'c']) {
            const expected = plan.flatMap(([of], index) => (of === key ? [`${key}${index}`] : []));
            expect(seen.filter((step) => step.startsWith(key))).toEqual(expected);
          }
          await subscription.close();
        }),
        { numRuns: 10 },
      );
    });

    it('delivers again, later and later, what a handler refuses; that key waits, others go on', async () => {
      const attempts: [number, number][] = [];
      await bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (got, { attempt }) => {
          attempts.push([numberOf(got), attempt]);
          if (numberOf(got) === 1 && attempt < 3) throw new Error('not yet');
        },
      });
      await bus.publish([event(1, 'stuck'), event(2, 'stuck'), event(3, 'free')]);
      await eventually(() => attempts.length === 2 && under.clock.waiting > 0);
      expect(attempts).toEqual([
        [1, 1],
        [3, 1],
      ]);
      for (const pause of [100, 200]) {
        const before = attempts.length;
        await eventually(() => {
          under.clock.advance(pause);
          return attempts.length > before;
        });
      }
      await eventually(() => attempts.length === 5);
      expect(attempts.slice(2)).toEqual([
        [1, 2],
        [1, 3],
        [2, 1],
      ]);
      expect(await bus.deadLetters()).toEqual([]);
    });

    it('gives up after the last attempt, keeps the dead letter, goes on, and replays it when asked', async () => {
      const seen: string[] = [];
      let isBroken = true;
      await bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (got, { attempt }) => {
          if (numberOf(got) === 1 && isBroken) throw new Error('broken for good');
          seen.push(`${numberOf(got)} at attempt ${attempt}`);
        },
      });
      const poison = event(1);
      await bus.publish([poison, event(2)]);
      await eventually(() => {
        under.clock.advance(1_000);
        return seen.length === 1;
      });
      expect(seen).toEqual(['2 at attempt 1']);
      const [letter, ...others] = await bus.deadLetters('g');
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ group: 'g', event: poison, attempts: 3, error: 'Error: broken for good' });
      expect(await bus.deadLetters('another')).toEqual([]);
      isBroken = false;
      expect(await bus.replay(letter?.id ?? '')).toBe(true);
      await eventually(() => seen.length === 2);
      expect(seen[1]).toBe('1 at attempt 1');
      expect(await bus.replay(letter?.id ?? '')).toBe(false);
      expect(await bus.deadLetters()).toEqual([]);
    });

    it('counts a handler that never settles as failed', async () => {
      let attempts = 0;
      await bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: (_got, { attempt }) => {
          attempts = attempt;
          return attempt === 1 ? new Promise(() => undefined) : Promise.resolve();
        },
      });
      await bus.publish([event(1)]);
      await eventually(() => attempts === 1);
      await eventually(() => {
        under.clock.advance(5_000);
        return attempts === 2;
      });
    });

    it('after a restart delivers what was not acknowledged, with its count of attempts, and nothing twice that was', async () => {
      const before: number[] = [];
      await bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (got) => {
          before.push(numberOf(got));
          if (numberOf(got) === 2) throw new Error('later');
        },
      });
      await bus.publish([event(1, 'a'), event(2, 'b'), event(3, 'b'), event(4, 'c')]);
      await eventually(() => before.length === 3);
      bus = await under.restart();
      await bus.publish([event(5, 'd')]);
      const after: [number, number][] = [];
      await bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (got, { attempt }) => void after.push([numberOf(got), attempt]),
      });
      await eventually(() => {
        under.clock.advance(100);
        return after.some(([number]) => number === 3) && after.some(([number]) => number === 5);
      });
      const ofB = after.filter(([number]) => number === 2 || number === 3);
      expect(ofB).toEqual([
        [2, 2],
        [3, 1],
      ]);
      expect(after.some(([number]) => number === 1)).toBe(false);
    });

    it('keeps an event once that is published twice under one id', async () => {
      const seen = await record('g');
      const first = event(1);
      await bus.publish([first]);
      await bus.publish([first, event(2)]);
      await eventually(() => seen.includes(2));
      expect(seen).toEqual([1, 2]);
    });

    it('pushes to every ephemeral subscriber from now on, and survives what they throw', async () => {
      await bus.publish([event(1)]);
      const seen: number[][] = [[], []];
      for (const mine of seen) {
        await bus.subscribeEphemeral({
          types: ['test.*'],
          handler: (got) => {
            mine.push(numberOf(got));
            if (numberOf(got) === 2) throw new Error('socket gone');
          },
        });
      }
      await bus.publish([event(2), event(3), event(4, 'k', 'other.thing')]);
      await eventually(() => seen.every((mine) => mine.length === 2));
      expect(seen).toEqual([
        [2, 3],
        [2, 3],
      ]);
    });

    it('stops delivering when a subscription is closed, after the handler that runs', async () => {
      let finish: (() => void) | undefined;
      const seen: number[] = [];
      const subscription = await bus.subscribe({
        group: 'g',
        types: ['*'],
        handler: async (got) => {
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
          seen.push(numberOf(got));
        },
      });
      await bus.publish([event(1), event(2)]);
      const finishFirst = (await eventually(() => finish)) as () => void;
      const closing = subscription.close();
      finishFirst();
      await closing;
      expect(seen).toEqual([1]);
      const rest = await record('g');
      await eventually(() => rest.includes(2));
      expect(rest).toEqual([2]);
    });

    it('gathers for a lingering group, and only for that one', async () => {
      const seen: number[] = [];
      const handler = async (got: BusEvent) => void seen.push(numberOf(got));
      await bus.subscribe({ group: 'slow', types: ['*'], handler, lingerMs: 50, from: 'now' });
      const quick = await record('quick');
      await bus.publish([event(1)]);
      await bus.publish([event(2)]);
      await eventually(() => quick.length === 2);
      expect(seen).toEqual([]);
      await eventually(() => {
        under.clock.advance(50);
        return seen.length === 2;
      });
    });
  });
}
