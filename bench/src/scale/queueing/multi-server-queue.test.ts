import { describe, expect, test } from '@jest/globals';
import { probabilityOfWaiting, utilizationOf, waitingQuantile, waitingTime } from './multi-server-queue.js';

describe('a waiting line before equal servers', () => {
  test('follows the utilization law', () => {
    expect(utilizationOf({ perSecond: 30, serviceSeconds: 0.05, servers: 2 })).toBeCloseTo(0.75, 12);
  });

  test('has the chances of waiting that the tables of Erlang C give', () => {
    expect(probabilityOfWaiting(1, 0.7)).toBeCloseTo(0.7, 12);
    expect(probabilityOfWaiting(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(probabilityOfWaiting(10, 8)).toBeCloseTo(0.4092, 4);
    expect(probabilityOfWaiting(100, 90)).toBeCloseTo(0.2169, 3);
  });

  test('waits in M/M/1 for ρ / (μ − λ), and twice as long as with constant service', () => {
    const queue = { perSecond: 8, serviceSeconds: 0.1, servers: 1 };
    expect(waitingTime(queue).mean).toBeCloseTo(0.8 / (10 - 8), 12);
    expect(waitingTime({ ...queue, serviceVariability: 0 }).mean).toBeCloseTo(0.2, 12);
  });

  test('knows how long the unluckiest wait', () => {
    const queue = { perSecond: 8, serviceSeconds: 0.1, servers: 1 };
    expect(waitingQuantile(queue, 0.99)).toBeCloseTo(Math.log(0.8 / 0.01) / 2, 12);
    expect(waitingQuantile(queue, 0.1)).toBe(0);
  });

  test('never ends where more arrives than can be served', () => {
    const queue = { perSecond: 21, serviceSeconds: 0.1, servers: 2 };
    expect(waitingTime(queue).mean).toBe(Number.POSITIVE_INFINITY);
    expect(waitingQuantile(queue, 0.5)).toBe(Number.POSITIVE_INFINITY);
  });
});
