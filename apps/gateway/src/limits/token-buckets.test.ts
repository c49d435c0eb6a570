import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBuckets } from './token-buckets.js';

/** How many of `times` takes at one moment are granted. */
const granted = (buckets: TokenBuckets, times: number, now: number, key = 'one'): number =>
  Array.from({ length: times }, () => buckets.take(key, now)).filter((wait) => wait === 0).length;

describe('token buckets', () => {
  it('grant the burst at once, then the steady rate, and never save up more than the burst', () => {
    const buckets = new TokenBuckets(10, 30);
    expect(granted(buckets, 100, 0)).toBe(30);
    expect(granted(buckets, 100, 500)).toBe(5);
    expect(granted(buckets, 100, 60_000)).toBe(30);
  });

  it('say when the next token is there, and it is', () => {
    const buckets = new TokenBuckets(4, 1);
    expect(buckets.take('one', 0)).toBe(0);
    expect(buckets.take('one', 100)).toBeCloseTo(150);
    expect(buckets.take('one', 250)).toBe(0);
  });

  it('stand apart for each caller', () => {
    const buckets = new TokenBuckets(1, 2);
    expect([granted(buckets, 5, 0, 'one'), granted(buckets, 5, 0, 'other')]).toEqual([2, 2]);
  });

  it('never grant more than the burst and the rate together, however calls are spread', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (waits, rate, burst) => {
        const buckets = new TokenBuckets(rate, burst);
        let now = 0;
        let count = 0;
        for (const wait of waits) {
          now += wait;
          count += granted(buckets, 3, now);
        }
        expect(count).toBeLessThanOrEqual(burst + (now / 1_000) * rate + 1e-6);
      }),
    );
  });
});
