import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RateLimits, Wait } from './rate-limits.js';

export interface LimitsStage {
  /** As two gateways see them. */
  readonly here: RateLimits;
  readonly there: RateLimits;
  close(): Promise<void>;
}

type Take = (key: string) => Wait | Promise<Wait>;

/** How many of `times` takes in one breath are let through, and how long the others have to wait. */
export async function takeMany(take: Take, key: string, times: number): Promise<{ granted: number; waits: Wait[] }> {
  const outcomes = await Promise.all(Array.from({ length: times }, () => take(key)));
  const waits = outcomes.filter((wait) => wait > 0);
  return { granted: times - waits.length, waits };
}

/** What everything that counts requests keeps to. */
export function rateLimitsContract(name: string, open: () => Promise<LimitsStage>): void {
  describe(`limits counted ${name}`, () => {
    let stage: LimitsStage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.close());

    /** Real time goes on while a test runs, and gives a little more. */
    const about = (count: number, granted: number) => {
      expect(granted).toBeGreaterThanOrEqual(count);
      expect(granted).toBeLessThanOrEqual(count * 1.5);
    };

    it('let so many through in a second, and tell the others to come back within it', async () => {
      const window = stage.here.window('user', 20);
      const { granted, waits } = await takeMany((key) => window.take(key), 'usr_1', 50);
      expect(granted).toBe(20);
      for (const wait of waits) {
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(1_000);
      }
    });

    it('count each caller apart, and each limit', async () => {
      const [user, agent] = [stage.here.window('user', 1), stage.here.window('agent', 1)];
      expect([await user.take('1'), await user.take('2'), await agent.take('1')]).toEqual([0, 0, 0]);
      expect(await user.take('1')).toBeGreaterThan(0);
      const bucket = stage.here.bucket('submission', 1, 1);
      expect([await bucket.take('1'), await bucket.take('2')]).toEqual([0, 0]);
      expect(await bucket.take('1')).toBeGreaterThan(0);
    });

    it('give a quiet caller its burst at once, and then the time until the next one', async () => {
      const bucket = stage.here.bucket('submission', 2, 30);
      const { granted, waits } = await takeMany((key) => bucket.take(key), 'agt_1', 100);
      about(30, granted);
      for (const wait of waits) expect(wait).toBeLessThanOrEqual(1_000);
    });

    it('give a caller no more at several gateways than at one', async () => {
      const gateways = [...new Set([stage.here, stage.there])];
      const windows = gateways.map((limits) => limits.window('user', 20));
      const atWindows = await Promise.all(windows.map((one) => takeMany((key) => one.take(key), 'usr_1', 50)));
      const buckets = gateways.map((limits) => limits.bucket('submission', 2, 30));
      const atBuckets = await Promise.all(buckets.map((one) => takeMany((key) => one.take(key), 'agt_1', 50)));
      const sum = (parts: { granted: number }[]) => parts.reduce((total, { granted }) => total + granted, 0);
      expect(sum(atWindows)).toBe(20);
      about(30, sum(atBuckets));
    });
  });
}
