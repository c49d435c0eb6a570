import type { Moments } from './moments.js';

/**
 * A server that takes everything that waits, works on each, and then makes all of it durable at once before it answers:
 * Redis with `appendfsync always` (one turn of its event loop), PostgreSQL's shared flushes of the write-ahead log.
 */
export interface GroupCommitQueue {
  /** Arrivals per second (Poisson). */
  readonly perSecond: number;
  /** Work on each, in seconds. */
  readonly eachSeconds: number;
  /** Once per group: the fsync. */
  readonly groupSeconds: number;
}

/** Beyond groups of this mean size a group's length is taken as certain: it varies by about a tenth. */
const LARGE_GROUP = 300;

/** The share of its time in which the server works on what came; the fsyncs shrink to nothing as the groups grow. */
export const workShareOf = ({ perSecond, eachSeconds }: GroupCommitQueue): number => perSecond * eachSeconds;

/** The mean size of a group in a server that is never idle: more arrives during a longer group. */
export const groupSizeOf = (queue: GroupCommitQueue): number =>
  (queue.perSecond * queue.groupSeconds) / (1 - workShareOf(queue));

/**
 * From arrival to durable. A bulk service queue after Bailey (1954), with a gate: who comes while a group is worked on
 * is in the next one. The sizes of successive groups are a Markov chain (Poisson arrivals during the group before), an
 * arrival sees the server as it is over time (PASTA), and its own group takes in whoever else came: exact for Poisson
 * arrivals and constant times. Infinite where the work alone is more than the server can do.
 */
export function groupCommitTime(queue: GroupCommitQueue): Moments {
  const { perSecond, eachSeconds, groupSeconds } = queue;
  if (workShareOf(queue) >= 1) return { mean: Number.POSITIVE_INFINITY, variance: Number.POSITIVE_INFINITY };
  const lengthOf = (size: number) => groupSeconds + size * eachSeconds;
  if (groupSizeOf(queue) > LARGE_GROUP) {
    const length = lengthOf(groupSizeOf(queue));
    return { mean: 1.5 * length, variance: length ** 2 / 12 };
  }
  const shares = groupSizeShares(queue);
  const idle = idleSeconds(queue, shares);
  let total = idle;
  let sum = idle * lengthOf(1);
  let squares = idle * lengthOf(1) ** 2;
  for (const [index, share] of shares.entries()) {
    const length = lengthOf(index + 1);
    const others = perSecond * length;
    const mean = length / 2 + lengthOf(1) + others * eachSeconds;
    const variance = length ** 2 / 12 + others * eachSeconds ** 2;
    total += share * length;
    sum += share * length * mean;
    squares += share * length * (variance + mean ** 2);
  }
  return { mean: sum / total, variance: squares / total - (sum / total) ** 2 };
}

/** The share of its time in which the server is busy, fsyncs included: near 1 long before it is at its end. */
export function busyShareOf(queue: GroupCommitQueue): number {
  if (workShareOf(queue) >= 1 || groupSizeOf(queue) > LARGE_GROUP) return 1;
  const shares = groupSizeShares(queue);
  const busy = shares.reduce((sum, share, at) => sum + share * (queue.groupSeconds + (at + 1) * queue.eachSeconds), 0);
  return busy / (busy + idleSeconds(queue, shares));
}

/** Mean idle time after a group: until the next arrival, where nobody came meanwhile. */
function idleSeconds(queue: GroupCommitQueue, shares: readonly number[]): number {
  return shares.reduce((sum, share, at) => {
    const length = queue.groupSeconds + (at + 1) * queue.eachSeconds;
    return sum + (share * Math.exp(-queue.perSecond * length)) / queue.perSecond;
  }, 0);
}

/** How often a group has 1, 2, 3 … members, by repeated steps of the chain from the mean size. */
function groupSizeShares(queue: GroupCommitQueue): number[] {
  const mean = Math.max(1, groupSizeOf(queue));
  // A group varies more than a Poisson count of the same mean: each is the next one's cause.
  const spread = Math.sqrt(mean / (1 - workShareOf(queue) ** 2));
  const most = Math.ceil(mean + 8 * spread + 10);
  const steps = Array.from({ length: most }, (_, at) =>
    poissonShares(queue.perSecond * (queue.groupSeconds + (at + 1) * queue.eachSeconds), most),
  );
  let shares = new Array<number>(most).fill(0);
  shares[Math.round(mean) - 1] = 1;
  for (let change = 1; change > 1e-9; ) {
    const next = new Array<number>(most).fill(0);
    for (const [at, share] of shares.entries())
      if (share > 1e-15)
        for (const [to, chance] of (steps[at] ?? []).entries()) next[to] = (next[to] ?? 0) + share * chance;
    change = next.reduce((sum, share, at) => sum + Math.abs(share - (shares[at] ?? 0)), 0);
    shares = next;
  }
  return shares;
}

/** Chances of 1, 2, … `most` arrivals; none makes a group of one, later, and what lies beyond is added to the last. */
function poissonShares(mean: number, most: number): number[] {
  const shares: number[] = [];
  let logarithm = -mean;
  let left = 1 - Math.exp(-mean);
  for (let count = 1; count < most; count += 1) {
    logarithm += Math.log(mean / count);
    const share = Math.exp(logarithm);
    shares.push(count === 1 ? share + Math.exp(-mean) : share);
    left -= share;
  }
  shares.push(Math.max(0, left));
  return shares;
}
