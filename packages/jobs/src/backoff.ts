const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/**
 * How long to wait after the n-th failure, in milliseconds: doubling, up to 15 minutes, and of that a random part
 * between half and all, so that jobs which failed together do not come back together.
 * @param random from 0 up to, not including, 1
 */
export function pauseAfterFailure(failures: number, random: number): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 30), LONGEST_PAUSE_MS);
  return Math.round(longest * (0.5 + random / 2));
}
