/** A piece of work for later. */
export interface Job {
  readonly id: string;
  /** What kind of work; one handler per name. */
  readonly name: string;
  /** What JSON can hold. */
  readonly payload: unknown;
  /** When it was to run, milliseconds since the epoch. A late job tells by it how late. */
  readonly dueAt: number;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** Does one job. Its promise resolving is the acknowledgement; a rejection brings the job back, later and later. */
export type JobHandler = (job: Job) => Promise<void>;

export interface ScheduleOptions {
  /** When to run, milliseconds since the epoch; the past means at once. Default: now. */
  readonly at?: number;
  /**
   * There is at most one waiting job of a name and key: scheduling it again moves the one that waits to the new time,
   * with the new payload. A job that has run or is running does not count.
   */
  readonly key?: string;
  /** Runs again this long after each run has ended well or was given up, until it is cancelled. */
  readonly everyMs?: number;
  /** How often a failing job is tried. Default 10. */
  readonly maxAttempts?: number;
}

/** A job that has failed as often as it may. */
export interface FailedJob {
  /** What `retry` takes. Of a job that was moved or repeated it may be another one than that of `schedule`. */
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly error: string;
  readonly failedAt: number;
}

/**
 * Work for later: deadlines, retries of deliveries, sweeps.
 *
 * - **Durable.** When `schedule` resolves the job survives restarts and the loss of power.
 * - **At least once, never early.** A job that was running when the process died runs again, so handlers are idempotent.
 *   A job is a hint that wakes somebody: the truth (a deadline) is in that service's own row.
 * - **Retried** with doubling pauses and jitter, then kept among the failed ones, where it can be retried by hand.
 * - Jobs run side by side, in the order of their times as far as there is room.
 */
export interface Scheduler {
  /** Returns the job's id: of the waiting one, where the key names one that waits. */
  schedule(name: string, payload: unknown, options?: ScheduleOptions): Promise<string>;

  /** Forgets the waiting job of that key. False when there is none; a running one is not stopped, but not repeated either. */
  cancel(name: string, key: string): Promise<boolean>;

  /** Begins to work on jobs of that name. One handler per name in a process. */
  handle(name: string, handler: JobHandler): Promise<void>;

  /** Newest first, at most 200. */
  failed(name?: string): Promise<FailedJob[]>;

  /** Lets a failed job run again at once, with a fresh count. False when there is none of that id. */
  retry(id: string): Promise<boolean>;

  /** Takes up no further job and waits for those that run. */
  close(): Promise<void>;
}
