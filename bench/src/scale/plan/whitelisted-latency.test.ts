import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { readMeasuredCosts } from '../measured-costs.js';
import { simulatedLatency } from './simulated-latency.js';
import { smallestPlan } from './smallest-deployment.js';
import { whitelistedLatency, whitelistedWay } from './whitelisted-latency.js';
import { typicalWorkload } from './workload.js';

const COSTS = readMeasuredCosts(fileURLToPath(new URL('../../../fixtures/round-costs.json', import.meta.url)));

function wayOf(agents: number, burstiness: number) {
  const { cellWorkload, deployment } = smallestPlan(COSTS, { ...typicalWorkload(agents), burstiness });
  return whitelistedWay(COSTS, cellWorkload, deployment);
}

describe('how long a whitelisted command takes', () => {
  test('is what one client alone sees when there is hardly anybody', () => {
    const { p50Ms } = whitelistedLatency(wayOf(1, 1));
    expect(p50Ms).toBeGreaterThan(0.9 * COSTS.alone_ms.whitelisted_command);
    expect(p50Ms).toBeLessThan(1.1 * COSTS.alone_ms.whitelisted_command);
  });

  test('grows with the load and with bursts', () => {
    expect(whitelistedLatency(wayOf(100_000, 1)).p99Ms).toBeGreaterThan(whitelistedLatency(wayOf(1_000, 1)).p99Ms);
    expect(whitelistedLatency(wayOf(100_000, 4)).p99Ms).toBeGreaterThan(whitelistedLatency(wayOf(100_000, 1)).p99Ms);
  });

  test.each([1_000, 20_000, 100_000])(
    'is simulated to the same within 10 %% (p50) and 20 %% (p99) at %i agents',
    (agents) => {
      const way = wayOf(agents, 1);
      const [formula, simulated] = [whitelistedLatency(way), simulatedLatency(way)];
      expect(Math.abs(formula.p50Ms / simulated.p50Ms - 1)).toBeLessThan(0.1);
      expect(Math.abs(formula.p99Ms / simulated.p99Ms - 1)).toBeLessThan(0.2);
    },
  );
});
