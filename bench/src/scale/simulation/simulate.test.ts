import { describe, expect, test } from '@jest/globals';
import { quantile } from '../../figure.js';
import { closedPrediction, throughputBound } from '../queueing/closed-network.js';
import { busyShareOf, groupCommitTime } from '../queueing/group-commit-queue.js';
import { serviceTime, sumOf } from '../queueing/moments.js';
import { utilizationOf, waitingQuantile, waitingTime } from '../queueing/multi-server-queue.js';
import { quantileOf } from '../queueing/path-quantile.js';
import type { RequestClass, SimulatedClass, SimulatedNetwork } from './network.js';
import { simulate } from './simulate.js';

const SEEDS = [1, 2];

interface LineUnderTest {
  perSecond: number;
  serviceSeconds: number;
  servers: number;
  arrivalVariability?: number;
  serviceVariability?: number;
}

function oneLine(line: LineUnderTest, seed: number, requests = 80_000): SimulatedNetwork {
  const { perSecond, serviceSeconds, servers, arrivalVariability = 1, serviceVariability = 1 } = line;
  const way = [{ station: 'desk', seconds: serviceSeconds, variability: serviceVariability }];
  return simulate({
    stations: { desk: { kind: 'one_by_one', servers } },
    classes: [{ name: 'requests', source: { kind: 'open', perSecond, variability: arrivalVariability }, way }],
    seconds: requests / perSecond,
    warmUpSeconds: 100,
    seed,
  });
}

const requestsOf = (network: SimulatedNetwork): SimulatedClass => {
  const found = network.classes.requests;
  if (!found) throw new Error('nothing was simulated');
  return found;
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const meanResponse = (network: SimulatedNetwork) => mean(requestsOf(network).responses);
const error = (is: number, should: number) => Math.abs(is / should - 1);

describe.each(SEEDS)('a simulated network (seed %i)', (seed) => {
  test('agrees with M/M/1: utilization and mean within 4 %, the tail within 8 %', () => {
    const line = { perSecond: 7, serviceSeconds: 0.1, servers: 1 };
    const network = oneLine(line, seed, 250_000);
    expect(error(network.utilization.desk ?? 0, utilizationOf(line))).toBeLessThan(0.02);
    expect(error(meanResponse(network), 1 / (10 - 7))).toBeLessThan(0.04);
    expect(error(quantile(requestsOf(network).responses, 0.99), Math.log(100) / 3)).toBeLessThan(0.08);
  });

  test('agrees with M/M/c within 3 %, and with M/D/c within 15 %', () => {
    const line = { perSecond: 34, serviceSeconds: 0.1, servers: 4 };
    const network = oneLine(line, seed, 250_000);
    expect(error(meanResponse(network), waitingTime(line).mean + 0.1)).toBeLessThan(0.03);
    const constant = { ...line, serviceVariability: 0 };
    const waits = requestsOf(oneLine(constant, seed)).responses.map((response) => response - 0.1);
    expect(error(mean(waits), waitingTime(constant).mean)).toBeLessThan(0.15);
    expect(error(quantile(waits, 0.99), waitingQuantile(constant, 0.99))).toBeLessThan(0.15);
  });

  test.each([0, 0.25, 4])(
    'agrees with Pollaczek and Khinchine on M/G/1 within 6 %% (service variability %d)',
    (serviceVariability) => {
      const line = { perSecond: 6, serviceSeconds: 0.1, servers: 1, serviceVariability };
      expect(error(meanResponse(oneLine(line, seed)), waitingTime(line).mean + 0.1)).toBeLessThan(0.06);
    },
  );

  test('agrees within 30 % with the approximation for arrivals in bursts', () => {
    const line = { perSecond: 24, serviceSeconds: 0.1, servers: 4, arrivalVariability: 4, serviceVariability: 0.5 };
    expect(error(meanResponse(oneLine(line, seed)), waitingTime(line).mean + 0.1)).toBeLessThan(0.3);
  });

  test('agrees within 2 % with the formula for commits in groups', () => {
    const queue = { perSecond: 12_000, eachSeconds: 20e-6, groupSeconds: 150e-6 };
    const network = simulate({
      stations: { log: { kind: 'in_groups', groupSeconds: queue.groupSeconds } },
      classes: [
        {
          name: 'requests',
          source: { kind: 'open', perSecond: queue.perSecond },
          way: [{ station: 'log', seconds: queue.eachSeconds, variability: 0 }],
        },
      ],
      seconds: 10,
      warmUpSeconds: 1,
      seed,
    });
    const expected = groupCommitTime(queue);
    const { responses } = requestsOf(network);
    expect(error(mean(responses), expected.mean)).toBeLessThan(0.02);
    expect(error(quantile(responses, 0.99), quantileOf(expected, 0.99))).toBeLessThan(0.06);
    expect(error(network.utilization.log ?? 0, busyShareOf(queue))).toBeLessThan(0.02);
  });

  test('agrees within 10 % with the quantiles of a way over several lines', () => {
    const lines = [
      { perSecond: 500, serviceSeconds: 0.001, servers: 1, serviceVariability: 0.5 },
      { perSecond: 500, serviceSeconds: 0.003, servers: 2, serviceVariability: 1 },
    ];
    const network = simulate({
      stations: {
        first: { kind: 'one_by_one', servers: 1 },
        second: { kind: 'one_by_one', servers: 2 },
        wire: { kind: 'delay' },
      },
      classes: [
        {
          name: 'requests',
          source: { kind: 'open', perSecond: 500 },
          way: [
            { station: 'first', seconds: 0.001, variability: 0.5 },
            { station: 'wire', seconds: 0.002, variability: 0 },
            { station: 'second', seconds: 0.003 },
          ],
        },
      ],
      seconds: 100,
      warmUpSeconds: 10,
      seed,
    });
    const parts = lines.flatMap((line) => [
      waitingTime(line),
      serviceTime(line.serviceSeconds, line.serviceVariability),
    ]);
    const { responses } = requestsOf(network);
    expect(error(quantile(responses, 0.5), quantileOf(sumOf(parts), 0.5, 0.002))).toBeLessThan(0.1);
    expect(error(quantile(responses, 0.99), quantileOf(sumOf(parts), 0.99, 0.002))).toBeLessThan(0.1);
  });

  test('agrees with mean value analysis on clients that wait, and stays below the bound', () => {
    const demands = { gateway: 0.02, log: 0.05 };
    const clients = 25;
    const way = Object.entries(demands).map(([station, seconds]) => ({ station, seconds }));
    const network = simulate({
      stations: { gateway: { kind: 'one_by_one', servers: 1 }, log: { kind: 'one_by_one', servers: 1 } },
      classes: [{ name: 'requests', source: { kind: 'closed', clients, thinkSeconds: 1 }, way }],
      seconds: 5_000,
      warmUpSeconds: 100,
      seed,
    });
    const { perSecond, responseSeconds } = closedPrediction({ demands: [0.02, 0.05], thinkSeconds: 1 }, clients);
    expect(error(requestsOf(network).perSecond, perSecond)).toBeLessThan(0.02);
    expect(error(meanResponse(network), responseSeconds)).toBeLessThan(0.04);
    expect(requestsOf(network).perSecond).toBeLessThan(
      throughputBound({ demands: [0.02, 0.05], thinkSeconds: 1 }, clients) * 1.02,
    );
  });

  test('loses nobody and makes nobody up, and obeys Little’s law', () => {
    const { arrived, answered, underWay, meanUnderWay, perSecond, responses } = requestsOf(
      oneLine({ perSecond: 9, serviceSeconds: 0.1, servers: 1 }, seed),
    );
    expect(arrived).toBe(answered + underWay);
    expect(underWay).toBeGreaterThanOrEqual(0);
    expect(error(meanUnderWay, perSecond * mean(responses))).toBeLessThan(0.02);
  });
});

describe('a simulation', () => {
  test('is the same for the same seed, and another for another', () => {
    const line = { perSecond: 7, serviceSeconds: 0.1, servers: 1, serviceVariability: 2 };
    expect(oneLine(line, 5, 3_000)).toEqual(oneLine(line, 5, 3_000));
    expect(meanResponse(oneLine(line, 5, 3_000))).not.toBe(meanResponse(oneLine(line, 6, 3_000)));
  });

  test('refuses a way to a station that is not there', () => {
    const lost: RequestClass = {
      name: 'lost',
      source: { kind: 'open', perSecond: 1 },
      way: [{ station: 'x', seconds: 1 }],
    };
    const run = () => simulate({ stations: {}, classes: [lost], seconds: 1, warmUpSeconds: 0, seed: 1 });
    expect(run).toThrow("there is no station 'x'");
  });
});
