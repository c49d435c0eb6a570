import type { Moments } from './moments.js';

/** One waiting line before one or more equal servers. */
export interface MultiServerQueue {
  /** Arrivals per second. */
  readonly perSecond: number;
  /** Mean time in service, in seconds. */
  readonly serviceSeconds: number;
  readonly servers: number;
  /** Squared coefficient of variation of the times between arrivals: 1 is Poisson, more comes in bursts. Default 1. */
  readonly arrivalVariability?: number;
  /** Of the service times: 0 is constant, 1 exponential. Default 1. */
  readonly serviceVariability?: number;
}

/** The share of its time in which each server is busy (the utilization law, U = X·S / c). Above 1: what would be needed. */
export const utilizationOf = ({ perSecond, serviceSeconds, servers }: MultiServerQueue): number =>
  (perSecond * serviceSeconds) / servers;

/**
 * The chance that an arrival finds every server busy in M/M/c: Erlang's formula C, by way of the recursion of his
 * formula B, which neither overflows nor cancels.
 *
 * @param offered arrivals per second × mean service, in Erlang
 */
export function probabilityOfWaiting(servers: number, offered: number): number {
  if (offered >= servers) return 1;
  let blocked = 1;
  for (let server = 1; server <= servers; server += 1) blocked = (offered * blocked) / (server + offered * blocked);
  return (servers * blocked) / (servers - offered * (1 - blocked));
}

/**
 * Time in the waiting line. Exact for M/M/c; for other arrivals and services the conditional wait is scaled by
 * (Ca² + Cs²) / 2, after Allen and Cunneen (Allen, *Probability, Statistics and Queueing Theory*, 1990, §5.4), which is
 * exact for M/G/1 (Pollaczek and Khinchine) in the mean. Infinite where more arrives than can be served.
 */
export function waitingTime(queue: MultiServerQueue): Moments {
  const { chance, leaving } = waitingLine(queue);
  if (leaving <= 0) return { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY };
  return { mean: chance / leaving, variance: (chance * (2 - chance)) / leaving ** 2 };
}

/** The wait that the given share (0–1) of arrivals does not exceed. */
export function waitingQuantile(queue: MultiServerQueue, share: number): number {
  const { chance, leaving } = waitingLine(queue);
  if (leaving <= 0) return Number.POSITIVE_INFINITY;
  return chance <= 1 - share ? 0 : Math.log(chance / (1 - share)) / leaving;
}

/** Who waits, waits for an exponential time: `leaving` is its rate. */
function waitingLine(queue: MultiServerQueue): { chance: number; leaving: number } {
  const { perSecond, serviceSeconds, servers, arrivalVariability = 1, serviceVariability = 1 } = queue;
  const chance = probabilityOfWaiting(servers, perSecond * serviceSeconds);
  const spread = (arrivalVariability + serviceVariability) / 2;
  return { chance, leaving: (servers / serviceSeconds - perSecond) / spread };
}
