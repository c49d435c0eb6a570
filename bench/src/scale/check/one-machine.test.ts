import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { readMeasuredCosts } from '../measured-costs.js';
import { oneMachine } from './one-machine.js';

const COSTS = readMeasuredCosts(fileURLToPath(new URL('../../../fixtures/round-costs.json', import.meta.url)));
const machine = { agents: 64, thinkSeconds: 0, gateways: 1, cores: 2 };
/** Gateway, Redis, PostgreSQL, policy, audit and the agents, in µs. */
const EACH = 200 + 40 + 100 + 30 + 150 + 50;
const IDLE = 8 * 0.02;

describe('everything on one machine', () => {
  test('is held by its cores, shared by all that follows from a decision', () => {
    const { perSecond, busyCores, limit } = oneMachine(COSTS, machine);
    expect(limit).toBe('cores');
    expect(perSecond).toBeCloseTo((2 - IDLE) / (EACH * 1e-6), -2);
    expect(busyCores).toBeCloseTo(2, 1);
  });

  test('is held by the gateway’s thread when there are cores enough', () => {
    const { perSecond, limit } = oneMachine(COSTS, { ...machine, agents: 500, cores: 32 });
    expect(limit).toBe('gateway');
    expect(perSecond).toBeLessThanOrEqual(1 / 200e-6);
  });

  test('answers agents that think as if they were alone while there are few', () => {
    const { perSecond, responseMs } = oneMachine(COSTS, { ...machine, agents: 10, thinkSeconds: 1 });
    expect(responseMs).toBeGreaterThan(0.95 * COSTS.alone_ms.whitelisted_command);
    expect(responseMs).toBeLessThan(1.3 * COSTS.alone_ms.whitelisted_command);
    expect(perSecond).toBeCloseTo(10, 1);
  });

  test('gains little from a second gateway when the cores are the limit', () => {
    const [one, two] = [oneMachine(COSTS, machine), oneMachine(COSTS, { ...machine, gateways: 2 })];
    expect(two.perSecond / one.perSecond).toBeLessThan(1);
  });
});
