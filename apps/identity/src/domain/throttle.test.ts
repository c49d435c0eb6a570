import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Attempts, afterFailure, THROTTLE_RULES, waitMs } from './throttle.js';

const rule = fc.constantFrom(...Object.values(THROTTLE_RULES));
const attempts = fc.record({ failures: fc.nat(1_000_000), lastAt: fc.nat(10 ** 12) });

describe('the throttle', () => {
  it('lets the first few attempts pass, then doubles the wait up to the longest', () => {
    const pair = THROTTLE_RULES.pair;
    let counted: Attempts | null = null;
    const waits: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      waits.push(waitMs(pair, counted, 1_000) / 1_000);
      counted = afterFailure(pair, counted, 1_000);
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
  });

  it('never lets anybody wait longer than the longest wait, also where clocks go wrong', () => {
    fc.assert(
      fc.property(rule, attempts, fc.nat(10 ** 12), (limits, counted, now) => {
        const wait = waitMs(limits, counted, now);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(limits.longestWaitMs);
      }),
    );
  });

  it('lets everybody pass who has waited as long as was said', () => {
    fc.assert(
      fc.property(rule, attempts, (limits, counted) => {
        const now = counted.lastAt;
        expect(waitMs(limits, counted, now + waitMs(limits, counted, now))).toBe(0);
      }),
    );
  });

  it('forgets', () => {
    const { account } = THROTTLE_RULES;
    const counted = { failures: 500, lastAt: 0 };
    expect(waitMs(account, counted, account.forgetMs + 1)).toBe(0);
    expect(afterFailure(account, counted, account.forgetMs + 1).failures).toBe(1);
  });
});
