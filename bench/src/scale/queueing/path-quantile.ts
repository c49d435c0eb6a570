import type { Moments } from './moments.js';

/** Standard normal quantiles for the shares that are told of. */
const NORMAL: Readonly<Record<string, number>> = { '0.5': 0, '0.99': 2.326348 };

/**
 * The time that the given share of requests does not exceed, for a time of which mean and variance are known: a gamma
 * distribution with both, its quantile after Wilson and Hilferty (1931). Waiting lines in a row are treated as if they
 * did not know of one another (Kleinrock, 1964).
 *
 * @param share 0.5 or 0.99
 * @param least seconds that every request takes at least; not part of `time`
 */
export function quantileOf(time: Moments, share: 0.5 | 0.99, least = 0): number {
  if (!Number.isFinite(time.mean)) return Number.POSITIVE_INFINITY;
  if (time.mean === 0 || time.variance === 0) return least + time.mean;
  const shape = time.mean ** 2 / time.variance;
  const root = 1 - 1 / (9 * shape) + (NORMAL[share] ?? 0) * Math.sqrt(1 / (9 * shape));
  return least + time.mean * Math.max(0, root) ** 3;
}
