import { describe, expect, test } from '@jest/globals';
import { serviceTime, sumOf } from './moments.js';
import { quantileOf } from './path-quantile.js';

describe('what half, and what nearly all of the requests wait', () => {
  test('is ln 2 and ln 100 times the mean of an exponential time, within 3 %', () => {
    expect(quantileOf(serviceTime(1, 1), 0.5) / Math.LN2).toBeCloseTo(1, 1);
    expect(Math.abs(quantileOf(serviceTime(1, 1), 0.99) / Math.log(100) - 1)).toBeLessThan(0.03);
  });

  test('is the mean of a constant time', () => {
    expect(quantileOf(serviceTime(0.2, 0), 0.99, 0.1)).toBeCloseTo(0.3, 12);
  });

  test('gets closer to the mean the more parts the time has', () => {
    const parts = sumOf(Array.from({ length: 25 }, () => serviceTime(1, 1)));
    expect(quantileOf(parts, 0.99) / parts.mean).toBeLessThan(1.55);
  });
});
