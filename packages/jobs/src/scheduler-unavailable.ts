/**
 * The storage of jobs does not answer, or refuses: away, standing still, full. Whether what was asked for has happened is
 * unknown: asking again is harmless where the job has a key. The answer to a client is 503 with `Retry-After`, and never
 * a decision.
 */
export class SchedulerUnavailable extends Error {
  override readonly name = 'SchedulerUnavailable';
  readonly code = 'UNAVAILABLE';
  readonly retryable = true;
}
