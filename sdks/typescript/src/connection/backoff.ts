export interface BackoffTimes {
  /** Milliseconds before the second attempt; doubled for each further one. */
  baseMs: number;
  maxMs: number;
}

/**
 * How long to wait before attempt `attempt + 1`, in milliseconds: exponential, with equal jitter, so that many agents that
 * lost the same server do not return together.
 * @param attempt 1 for the first failure.
 * @param random In [0, 1).
 */
export function backoffDelay(attempt: number, times: BackoffTimes, random: number): number {
  const ceiling = Math.min(times.maxMs, times.baseMs * 2 ** Math.min(attempt - 1, 30));
  return ceiling / 2 + (ceiling / 2) * random;
}
