/** What each client needs of a system in which everybody waits for an answer before going on. */
export interface ClosedNetwork {
  /** Per station that serves one at a time: seconds of service that one request needs there. */
  readonly demands: readonly number[];
  /** Seconds in which a request waits for nobody: wires, timers, servers that never are all busy. */
  readonly delaySeconds?: number;
  /** Seconds between an answer and the client's next request. */
  readonly thinkSeconds: number;
}

export interface ClosedPrediction {
  /** Requests per second. */
  readonly perSecond: number;
  /** From request to answer. */
  readonly responseSeconds: number;
}

/**
 * The most that `clients` can get out of it, whatever the distributions: the slowest station's rate, or nobody ever
 * waiting for another (asymptotic bounds: Denning and Buzen, *The Operational Analysis of Queueing Network Models*, 1978).
 */
export function throughputBound({ demands, delaySeconds = 0, thinkSeconds }: ClosedNetwork, clients: number): number {
  const alone = demands.reduce((sum, demand) => sum + demand, delaySeconds + thinkSeconds);
  return Math.min(1 / Math.max(...demands), clients / alone);
}

/**
 * Mean value analysis, exact for exponential services (Reiser and Lavenberg, 1980): an arrival sees the network as it is
 * with one client less.
 */
export function closedPrediction(network: ClosedNetwork, clients: number): ClosedPrediction {
  const { demands, delaySeconds = 0, thinkSeconds } = network;
  let queues = demands.map(() => 0);
  let prediction: ClosedPrediction = { perSecond: 0, responseSeconds: 0 };
  for (let count = 1; count <= clients; count += 1) {
    const times = demands.map((demand, station) => demand * (1 + (queues[station] ?? 0)));
    const responseSeconds = times.reduce((sum, time) => sum + time, delaySeconds);
    const perSecond = count / (responseSeconds + thinkSeconds);
    queues = times.map((time) => perSecond * time);
    prediction = { perSecond, responseSeconds };
  }
  return prediction;
}

/**
 * Several equal servers as one fast one and a delay (Seidmann, Schweitzer and Shalev-Oren, 1987): right at both ends,
 * a little too slow between.
 */
export const asOneServer = (demand: number, servers: number): { demand: number; delaySeconds: number } => ({
  demand: demand / servers,
  delaySeconds: (demand * (servers - 1)) / servers,
});
