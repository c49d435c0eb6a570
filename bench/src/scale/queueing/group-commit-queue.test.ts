import { describe, expect, test } from '@jest/globals';
import { busyShareOf, groupCommitTime, groupSizeOf } from './group-commit-queue.js';

const REDIS = { eachSeconds: 10e-6, groupSeconds: 100e-6 };

describe('a server that commits in groups', () => {
  test('takes one fsync and one piece of work when hardly anybody comes', () => {
    const { mean, variance } = groupCommitTime({ ...REDIS, perSecond: 1 });
    expect(mean).toBeCloseTo(110e-6, 7);
    expect(Math.sqrt(variance)).toBeLessThan(2e-6);
  });

  test('is half a group of waiting and a group of its own when it never rests', () => {
    const queue = { ...REDIS, perSecond: 80_000 };
    const length = queue.groupSeconds + groupSizeOf(queue) * queue.eachSeconds;
    const { mean } = groupCommitTime(queue);
    expect(mean / (1.5 * length)).toBeGreaterThan(1);
    // Groups vary, and most arrive during the long ones.
    expect(mean / (1.5 * length)).toBeLessThan(1.1);
  });

  test('goes on beyond one arrival per fsync, and ends where the work alone fills its time', () => {
    expect(groupCommitTime({ ...REDIS, perSecond: 50_000 }).mean).toBeLessThan(1e-3);
    expect(groupCommitTime({ ...REDIS, perSecond: 100_000 }).mean).toBe(Number.POSITIVE_INFINITY);
  });

  test('looks busy long before it is at its end', () => {
    expect(busyShareOf({ ...REDIS, perSecond: 1_000 })).toBeGreaterThan(0.1);
    expect(busyShareOf({ ...REDIS, perSecond: 30_000 })).toBeGreaterThan(0.9);
  });

  test('meets its own approximation for large groups where both hold', () => {
    const nearly = { eachSeconds: 1e-6, groupSeconds: 1e-3 };
    const below = groupCommitTime({ ...nearly, perSecond: 230_000 }).mean;
    const above = groupCommitTime({ ...nearly, perSecond: 232_000 }).mean;
    expect(above / below).toBeCloseTo(1, 1);
  });
});
