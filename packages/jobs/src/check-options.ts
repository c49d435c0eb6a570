import type { ScheduleOptions } from './scheduler.js';

/**
 * Refuses what no adapter can keep: a time that is none, a pause that is none, no attempt at all.
 * @throws Error naming the option
 */
export function checkOptions({ at, everyMs, maxAttempts }: ScheduleOptions): void {
  if (at !== undefined && !Number.isFinite(at)) throw new Error('at must be a time');
  if (everyMs !== undefined && !(Number.isFinite(everyMs) && everyMs > 0))
    throw new Error('everyMs must be more than 0');
  if (maxAttempts !== undefined && !(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1))
    throw new Error('maxAttempts must be at least 1, and whole');
}
