import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type MeasuredCosts, PROCESS_KINDS, readMeasuredCosts } from '../measured-costs.js';
import { busiestOrg, capacityOf } from './capacity.js';
import { BUSIEST, processesOf, smallestDeployment, smallestPlan } from './smallest-deployment.js';
import { stationLoad } from './station-load.js';
import { storageOf } from './stored-bytes.js';
import { busyReviewers, ratesOf, typicalWorkload } from './workload.js';

const COSTS = readMeasuredCosts(fileURLToPath(new URL('../../../fixtures/round-costs.json', import.meta.url)));
const SIZES = [1, 10, 300, 1_000, 4_000, 20_000, 100_000];

const gatewaysOf = (costs: MeasuredCosts, agents: number) =>
  smallestPlan(costs, typicalWorkload(agents)).deployment.gateway;

describe('the smallest deployment', () => {
  test.each(SIZES)('keeps every process below the limit at %i agents', (agents) => {
    const { cellWorkload, deployment } = smallestPlan(COSTS, typicalWorkload(agents));
    for (const kind of PROCESS_KINDS.filter((one) => one !== 'postgres'))
      expect(stationLoad(COSTS, cellWorkload, deployment, kind).utilization).toBeLessThanOrEqual(BUSIEST);
  });

  test.each(SIZES)('has no gateway too many at %i agents', (agents) => {
    const { cellWorkload, deployment } = smallestPlan(COSTS, typicalWorkload(agents));
    const fewer = { ...deployment, gateway: deployment.gateway - 1 };
    if (fewer.gateway >= 2)
      expect(stationLoad(COSTS, cellWorkload, fewer, 'gateway').utilization).toBeGreaterThan(BUSIEST);
  });

  test('has two of each service even for one agent, and enough partitions for all of them', () => {
    const { cells, deployment, partitions } = smallestPlan(COSTS, typicalWorkload(1));
    expect({ cells, gateway: deployment.gateway, audit: deployment.audit }).toEqual({ cells: 1, gateway: 2, audit: 2 });
    const large = smallestPlan(COSTS, typicalWorkload(20_000));
    expect(large.partitions).toBeGreaterThanOrEqual(large.deployment.audit);
    expect(partitions).toBeGreaterThanOrEqual(8);
  });

  test('never needs fewer processes for more agents while one cell is enough', () => {
    const plans = [10, 300, 1_000, 2_000, 4_000].map((agents) => smallestPlan(COSTS, typicalWorkload(agents)));
    for (const [at, plan] of plans.entries()) {
      const before = plans[at - 1];
      if (before?.cells === 1 && plan.cells === 1)
        for (const kind of PROCESS_KINDS) expect(plan.deployment[kind]).toBeGreaterThanOrEqual(before.deployment[kind]);
    }
  });

  test('divides an installation when reading everybody’s events is more than a gateway can do', () => {
    const workload = typicalWorkload(600_000);
    expect(smallestDeployment(COSTS, workload)).toBeUndefined();
    const { cells, cellWorkload } = smallestPlan(COSTS, workload);
    expect(cells).toBeGreaterThan(1);
    expect(cells * cellWorkload.agents).toBeGreaterThanOrEqual(workload.agents);
  });

  test('divides it when one Redis is not enough, and not before', () => {
    const plan = smallestPlan(COSTS, typicalWorkload(100_000));
    expect(plan.cells).toBeGreaterThan(1);
    expect(plan.deployment.redis).toBe(1);
    expect(processesOf(plan)).toBeGreaterThan(processesOf(smallestPlan(COSTS, typicalWorkload(10_000))));
    expect(smallestPlan(COSTS, typicalWorkload(1_000)).cells).toBe(1);
  });

  test('says that an org which one installation cannot hold is too large', () => {
    expect(() => smallestPlan(COSTS, { ...typicalWorkload(600_000), orgs: 1 })).toThrow('one org alone');
  });

  test('follows the costs: with gateways twice as fast there are fewer', () => {
    const { gateway } = COSTS.operations.whitelisted_command;
    const fast = { cpu_us: gateway.cpu_us / 2, thread_us: gateway.thread_us / 2 };
    const whitelisted = { ...COSTS.operations.whitelisted_command, gateway: fast };
    const quicker = { ...COSTS, operations: { ...COSTS.operations, whitelisted_command: whitelisted } };
    expect(gatewaysOf(quicker, 40_000)).toBeLessThan(gatewaysOf(COSTS, 40_000));
  });
});

describe('a workload', () => {
  test('is what agents do between answers, and people have to keep up with what is held', () => {
    const workload = { ...typicalWorkload(1_000), agentThinkSeconds: 10, hitRate: 0.9, reviewerThinkSeconds: 20 };
    const rates = ratesOf(workload);
    expect(rates.whitelisted_command + rates.held_command).toBeCloseTo(100, 9);
    expect(rates.vote).toBe(rates.held_command);
    expect(busyReviewers(workload)).toBeCloseTo(200, 9);
  });

  test('loads a station by the utilization law', () => {
    const workload = { ...typicalWorkload(1_000), hitRate: 1, sessionsPerAgentHour: 0 };
    const deployment = smallestPlan(COSTS, workload).deployment;
    const { cores } = stationLoad(COSTS, workload, deployment, 'audit');
    expect(cores).toBeCloseTo(100 * 150e-6 + deployment.audit * 0.02, 9);
  });
});

describe('limits', () => {
  test('more gateways never decide more than one over the cost of reading the others’ events', () => {
    const bound = 1_000_000 / COSTS.further_gateway.whitelisted_command.gateway.thread_us;
    for (const gateways of [1, 2, 8, 64, 1_000])
      expect(capacityOf(COSTS, gateways).gatewaysPerSecond).toBeLessThan(bound);
    expect(capacityOf(COSTS, 1).gatewaysPerSecond).toBeCloseTo(5_000, 6);
  });

  test('one Redis can do less the more gateways read from it', () => {
    expect(capacityOf(COSTS, 8).redisPerSecond).toBeLessThan(capacityOf(COSTS, 2).redisPerSecond);
  });

  test('one org is held by the slower of its stream and its audit chain', () => {
    expect(busiestOrg(COSTS)).toEqual({ perSecond: 1_000_000 / 150, limitedBy: 'audit' });
  });

  test('what accumulates grows with the mean rate, and sockets with the agents', () => {
    const of = (agents: number) => {
      const { cellWorkload, deployment, partitions } = smallestPlan(COSTS, typicalWorkload(agents));
      return storageOf(COSTS, cellWorkload, deployment, partitions);
    };
    expect(of(1_000).postgresGibPerDay / of(100).postgresGibPerDay).toBeCloseTo(10, 1);
    expect(of(1_000).memoryMib.gateway).toBeGreaterThan(COSTS.memory.process_mib.gateway + 10);
  });
});
