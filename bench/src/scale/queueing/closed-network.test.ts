import { describe, expect, test } from '@jest/globals';
import { asOneServer, closedPrediction, throughputBound } from './closed-network.js';

const NETWORK = { demands: [0.02, 0.05], thinkSeconds: 1 };

describe('clients that wait for their answers', () => {
  test('are alone with the network when there is one', () => {
    const { perSecond, responseSeconds } = closedPrediction(NETWORK, 1);
    expect(responseSeconds).toBeCloseTo(0.07, 12);
    expect(perSecond).toBeCloseTo(1 / 1.07, 12);
  });

  test('get the slowest station’s rate when they are many', () => {
    expect(closedPrediction(NETWORK, 500).perSecond).toBeCloseTo(20, 3);
  });

  test('never get more than the bound', () => {
    for (let clients = 1; clients < 100; clients += 1)
      expect(closedPrediction(NETWORK, clients).perSecond).toBeLessThanOrEqual(
        throughputBound(NETWORK, clients) + 1e-9,
      );
  });

  test('wait as the interactive response time law says: R = N / X − Z', () => {
    const { perSecond, responseSeconds } = closedPrediction(NETWORK, 30);
    expect(responseSeconds).toBeCloseTo(30 / perSecond - NETWORK.thinkSeconds, 12);
  });

  test('see two servers as one of twice the speed and a delay that keeps the sum', () => {
    const { demand, delaySeconds } = asOneServer(0.05, 2);
    expect(demand + delaySeconds).toBeCloseTo(0.05, 12);
    expect(closedPrediction({ demands: [demand], delaySeconds, thinkSeconds: 0 }, 200).perSecond).toBeCloseTo(40, 6);
  });
});
