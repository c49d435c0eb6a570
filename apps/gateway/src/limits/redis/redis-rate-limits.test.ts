import { systemClock } from '@expacti/platform';
import { type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { rateLimitsContract, takeMany } from '../rate-limits.contract-test.js';
import { RedisRateLimits } from './redis-rate-limits.js';

let redis: RedisServer;
let installations = 0;
const opened: RedisRateLimits[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => {
  for (const limits of opened.splice(0)) await limits.close();
});

/** Two gateways' limiters, connected. */
async function gateways(url = redis.url): Promise<[RedisRateLimits, RedisRateLimits]> {
  installations += 1;
  const settings = { url, prefix: `installation-${installations}` };
  const both: [RedisRateLimits, RedisRateLimits] = [
    new RedisRateLimits(settings, systemClock),
    new RedisRateLimits(settings, systemClock),
  ];
  opened.push(...both);
  await Promise.all(both.map((limits) => limits.connected()));
  return both;
}

rateLimitsContract('in Redis', async () => {
  const [here, there] = await gateways();
  return { here, there, close: async () => undefined };
});

describe('an agent at two gateways', () => {
  const [RATE, BURST, SLICE] = [2_000, 4_000, 100];

  it('gets its burst and no more than a slice beyond, and one gateway alone gives nearly all of it', async () => {
    const began = performance.now();
    const buckets = (await gateways()).map((limits) => limits.bucket('submission', RATE, BURST));
    const parts = await Promise.all(buckets.map((one) => takeMany((key) => one.take(key), 'agt_1', 5_000)));
    const together = parts.reduce((sum, { granted }) => sum + granted, 0);
    const alone = await takeMany((key) => buckets[0]?.take(key) ?? 1, 'agt_2', 10_000);
    const refilled = ((performance.now() - began) / 1_000) * RATE;
    for (const granted of [together, alone.granted]) {
      expect(granted).toBeGreaterThanOrEqual(BURST - SLICE);
      expect(granted).toBeLessThanOrEqual(BURST + SLICE + refilled);
    }
  });
});

describe('while Redis is away', () => {
  it('each gateway goes on limiting by itself, and makes nobody wait for long', async () => {
    const shaky = await startRedis();
    try {
      const [limits] = await gateways(shaky.url);
      const [window, bucket] = [limits.window('user', 20), limits.bucket('submission', 2_000, 4_000)];
      shaky.pause();
      for (const round of ['paused', 'killed']) {
        const began = performance.now();
        const [users, submissions] = await Promise.all([
          takeMany((key) => window.take(key), `usr_${round}`, 50),
          takeMany((key) => bucket.take(key), `agt_${round}`, 5_000),
        ]);
        const seconds = (performance.now() - began) / 1_000;
        expect(seconds).toBeLessThan(2);
        expect(users.granted).toBeGreaterThan(0);
        expect(users.granted).toBeLessThanOrEqual(20 * Math.ceil(seconds + 1));
        expect(submissions.granted).toBeGreaterThan(0);
        expect(submissions.granted).toBeLessThan(2_000 + 500 * seconds);
        await shaky.kill();
      }
      await shaky.restart();
      await limits.connected();
      expect((await takeMany((key) => window.take(key), 'usr_2', 50)).granted).toBe(20);
    } finally {
      await shaky.stop();
    }
  });
});
