/** How long a failed job rests. */
export interface Backoff {
  /** At most this long after the first failure; doubled by each further one. */
  readonly firstPauseMs: number;
  /** Never longer. */
  readonly longestPauseMs: number;
}

const DEFAULT_BACKOFF: Backoff = { firstPauseMs: 1_000, longestPauseMs: 15 * 60_000 };

/**
 * How long to wait after the n-th failure, in milliseconds: doubling, up to the longest pause, and of that a random part
 * between half and all, so that jobs which failed together do not come back together.
 * @param random from 0 up to, not including, 1
 */
export function pauseAfterFailure(failures: number, random: number, backoff: Backoff = DEFAULT_BACKOFF): number {
  const { firstPauseMs, longestPauseMs } = backoff;
  const longest = Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 30), longestPauseMs);
  return Math.round(longest * (0.5 + random / 2));
}
