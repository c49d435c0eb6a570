import { FakeClock } from '@expacti/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { takeMany } from '../rate-limits.contract-test.js';
import { type TakeTokens, TokenSlices } from './token-slices.js';

const RATE = 2_000;
const BURST = 4_000;
const SLICE = 100;

let clock: FakeClock;
let drawings: number;
/** What the server keeps, in the words of its script. */
let tokens: number;
let filledAt: number;
beforeEach(() => {
  clock = new FakeClock();
  drawings = 0;
  tokens = BURST;
  filledAt = clock.elapsed();
});

const draw: TakeTokens = async (_key, wanted, owed) => {
  drawings += 1;
  const now = clock.elapsed();
  tokens = Math.min(BURST, tokens + ((now - filledAt) * RATE) / 1_000) - owed;
  filledAt = now;
  const granted = Math.max(0, Math.min(Math.floor(tokens), wanted));
  tokens -= granted;
  return [granted, granted > 0 ? 0 : Math.max(1, Math.ceil(((1 - tokens) / RATE) * 1_000))];
};
const slices = (take: TakeTokens = draw) => new TokenSlices(take, clock, RATE, BURST);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('slices of a shared bucket', () => {
  it('make nobody wait who is slower than they are drawn, and ask seldom', async () => {
    const bucket = slices();
    for (let command = 0; command < 2_000; command += 1) {
      // Answered at once: no promise.
      expect(bucket.take('agt_1')).toBe(0);
      clock.advance(1);
      await turn();
    }
    expect(drawings).toBeLessThan(60);
  });

  it('ask seldom also where commands are so far apart that nothing that was drawn is left', async () => {
    const bucket = slices();
    for (let command = 0; command < 100; command += 1) {
      expect(bucket.take('agt_1')).toBe(0);
      clock.advance(60_000);
      await turn();
    }
    expect(drawings).toBeLessThan(15);
  });

  it('give one gateway alone the whole limit', async () => {
    const bucket = slices();
    expect((await takeMany((key) => bucket.take(key), 'agt_1', 10_000)).granted).toBeGreaterThanOrEqual(BURST);
    let granted = 0;
    for (let ms = 0; ms < 5_000; ms += 10) {
      clock.advance(10);
      granted += (await takeMany((key) => bucket.take(key), 'agt_1', 40)).granted;
    }
    expect(granted).toBeGreaterThan(0.98 * 5 * RATE);
  });

  it('give two gateways together no more than the limit and one slice, however calls are spread', async () => {
    const calls = fc.array(
      fc.record({ pause: fc.integer({ min: 0, max: 400 }), here: fc.nat(2_000), there: fc.nat(2_000) }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(calls, async (rounds) => {
        clock = new FakeClock();
        [tokens, filledAt] = [BURST, clock.elapsed()];
        const [here, there] = [slices(), slices()];
        let granted = 0;
        for (const round of rounds) {
          clock.advance(round.pause);
          const both = await Promise.all([
            takeMany((key) => here.take(key), 'agt_1', round.here),
            takeMany((key) => there.take(key), 'agt_1', round.there),
          ]);
          granted += both.reduce((sum, part) => sum + part.granted, 0);
        }
        expect(granted).toBeLessThanOrEqual(BURST + (clock.elapsed() * RATE) / 1_000 + SLICE);
      }),
      { numRuns: 100 },
    );
  });

  it('are given up soon, so that nobody sits on what another could use', async () => {
    const [here, there] = [slices(), slices()];
    await takeMany((key) => here.take(key), 'agt_1', 30);
    await turn();
    expect(BURST - tokens).toBeGreaterThan(30);
    clock.advance(2_000);
    const before = drawings;
    expect((await takeMany((key) => there.take(key), 'agt_1', 6_000)).granted).toBeGreaterThanOrEqual(BURST);
    // What lay here has lapsed: it is not spent on top.
    const left = await takeMany((key) => here.take(key), 'agt_1', 1_000);
    expect(left.granted).toBeLessThanOrEqual(SLICE / 4);
    expect(drawings).toBeGreaterThan(before);
  });

  it('refuse from memory while the bucket is known to be empty', async () => {
    const bucket = slices();
    await takeMany((key) => bucket.take(key), 'agt_1', 6_000);
    const before = drawings;
    const { granted, waits } = await takeMany((key) => bucket.take(key), 'agt_1', 1_000);
    expect([granted, drawings]).toEqual([0, before]);
    expect(Math.max(...waits)).toBeLessThan(100);
  });

  it('of different callers are different', async () => {
    const bucket = slices(async (key) => (key === 'agt_1' ? [0, 500] : [1_000, 0]));
    expect((await takeMany((key) => bucket.take(key), 'agt_1', 100)).granted).toBeLessThanOrEqual(SLICE / 4);
    expect((await takeMany((key) => bucket.take(key), 'agt_2', 100)).granted).toBe(100);
  });
});

describe('when nobody can be asked', () => {
  const away: TakeTokens = async () => {
    drawings += 1;
    throw new Error('away');
  };

  it('a part of the rate goes through, never more, and nobody is asked again and again', async () => {
    const bucket = slices(away);
    let granted = 0;
    for (let ms = 0; ms < 10_000; ms += 100) {
      granted += (await takeMany((key) => bucket.take(key), 'agt_1', 400)).granted;
      clock.advance(100);
    }
    expect(granted).toBeGreaterThan((10 * RATE) / 4);
    expect(granted).toBeLessThan((10 * RATE) / 4 + BURST / 4 + SLICE);
    expect(drawings).toBeLessThanOrEqual(11);
  });

  it('the shared bucket counts again as soon as it answers', async () => {
    let isAway = true;
    const bucket = slices((...asked) => (isAway ? away(...asked) : draw(...asked)));
    await takeMany((key) => bucket.take(key), 'agt_1', 2_000);
    isAway = false;
    clock.advance(1_000);
    expect((await takeMany((key) => bucket.take(key), 'agt_1', 2_000)).granted).toBe(2_000);
  });
});
