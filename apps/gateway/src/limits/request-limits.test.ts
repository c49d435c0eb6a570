import { systemClock } from '@expacti/platform';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Counter, Registry } from 'prom-client';
import { gatewayOptions } from '../../test/fixtures.js';
import { InProcessRateLimits } from './in-process-rate-limits.js';
import { RequestLimits } from './request-limits.js';

let registry: Registry;
beforeEach(() => {
  registry = new Registry();
});

const limitsOf = (more: Partial<ReturnType<typeof gatewayOptions>['limits']>) => {
  const options = gatewayOptions();
  const rates = new InProcessRateLimits(systemClock);
  return new RequestLimits({ ...options, limits: { ...options.limits, ...more } }, rates, registry);
};

/** How many of `times` calls in one breath are let through, and what the first refusal says. */
async function letThrough(times: number, take: () => Promise<void>) {
  const outcomes = await Promise.allSettled(Array.from({ length: times }, take));
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  return { allowed: times - refusals.length, refusal: refusals[0] };
}

describe('the limits', () => {
  it('let a quiet agent submit its burst at once, and say when to come back', async () => {
    const limits = limitsOf({ submissionsPerSecond: 20, submissionBurst: 30 });
    const { allowed, refusal } = await letThrough(100, () => limits.takeSubmission('agt_1'));
    expect(allowed).toBe(30);
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(refusal.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(2);
  });

  it('know no burst where it is not above the steady rate', async () => {
    for (const submissionBurst of [20, 5]) {
      registry.clear();
      const limits = limitsOf({ submissionsPerSecond: 20, submissionBurst });
      expect((await letThrough(100, () => limits.takeSubmission('agt_1'))).allowed).toBe(20);
    }
  });

  it('count each caller apart', async () => {
    const limits = limitsOf({ submissionsPerSecond: 1, submissionBurst: 1, requestsPerSecond: 1 });
    for (const id of ['agt_1', 'agt_2']) await limits.takeSubmission(id);
    await limits.takeUser('usr_1');
    await limits.takeAgent('agt_1');
    await limits.takePublic('usr_1');
    await expect(limits.takeUser('usr_1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await limits.takeUser('usr_2');
  });

  it('hold for people, for agents and for strangers', async () => {
    const limits = limitsOf({ requestsPerSecond: 3, publicRequestsPerSecond: 2, submissionBurst: 4 });
    expect((await letThrough(10, () => limits.takeUser('usr_1'))).allowed).toBe(3);
    expect((await letThrough(10, () => limits.takePublic('::1'))).allowed).toBe(2);
    expect((await letThrough(10, () => limits.takeAgent('agt_1'))).allowed).toBe(4);
  });

  it('are counted where they refuse', async () => {
    const limits = limitsOf({ requestsPerSecond: 3, submissionsPerSecond: 1, submissionBurst: 1 });
    await letThrough(10, () => limits.takeUser('usr_1'));
    await letThrough(3, () => limits.takeSubmission('agt_1'));
    const { values } = await (registry.getSingleMetric('expacti_rate_limited_total') as Counter).get();
    expect(values.map(({ labels, value }) => [labels.limit, value])).toEqual([
      ['user', 7],
      ['submission', 2],
    ]);
  });
});
