import { type Clock, type Database, systemClock } from '@expacti/persistence';
import { type Backoff, pauseAfterFailure } from '../backoff.js';
import { checkOptions } from '../check-options.js';
import type { JobTrouble } from '../job-trouble.js';
import type { FailedJob, JobHandler, ScheduleOptions, Scheduler } from '../scheduler.js';
import type { JobRow } from './job-row.js';
import { JobStore } from './job-store.js';

export interface EmbeddedSchedulerOptions {
  /** Opened with `jobsEntities` and `jobsMigrations`. */
  readonly database: Database;
  readonly clock?: Clock;
  /** From 0 up to, not including, 1; for the jitter. */
  readonly random?: () => number;
  readonly report?: (trouble: JobTrouble) => void;
  /** Default: a second, doubling up to a quarter of an hour. */
  readonly backoff?: Backoff;
}

/** Jobs that run at the same time. */
const MAX_RUNNING = 16;
/** The table is looked at at least this often: finds what another process has scheduled. */
const POLL_MS = 1_000;
const MAX_ERROR_LENGTH = 1_000;

/** The scheduler of the standalone composition: a table of jobs in the services' own database. One process works on it. */
export class EmbeddedScheduler implements Scheduler {
  readonly #store: JobStore;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #report: (trouble: JobTrouble) => void;
  readonly #backoff: Backoff | undefined;
  readonly #handlers = new Map<string, JobHandler>();
  readonly #running = new Map<string, Promise<void>>();
  #looking: Promise<void> | undefined;
  #isStale = false;
  #isClosed = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: EmbeddedSchedulerOptions) {
    this.#store = new JobStore(options.database);
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#report = options.report ?? (() => undefined);
    this.#backoff = options.backoff;
  }

  async schedule(name: string, payload: unknown, options: ScheduleOptions = {}): Promise<string> {
    checkOptions(options);
    const id = await this.#store.put(name, payload, options.at ?? this.#clock.now(), options);
    this.#look();
    return id;
  }

  async cancel(name: string, key: string): Promise<boolean> {
    return this.#store.remove(name, key);
  }

  async handle(name: string, handler: JobHandler): Promise<void> {
    if (this.#handlers.has(name)) throw new Error(`Jobs named '${name}' have a handler already`);
    this.#handlers.set(name, handler);
    this.#look();
  }

  async failed(name?: string): Promise<FailedJob[]> {
    return this.#store.failed(name);
  }

  async retry(id: string): Promise<boolean> {
    const isRevived = await this.#store.revive(id, this.#clock.now());
    this.#look();
    return isRevived;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    await this.#looking;
    await Promise.all(this.#running.values());
  }

  /** Starts what is due, now or as soon as the look that is going on has ended. */
  #look(): void {
    if (this.#isClosed || this.#handlers.size === 0) return;
    this.#isStale = true;
    this.#looking ??= this.#lookUntilFresh().finally(() => {
      this.#looking = undefined;
    });
  }

  async #lookUntilFresh(): Promise<void> {
    let next: number | undefined;
    try {
      while (this.#isStale && !this.#isClosed) {
        this.#isStale = false;
        await this.#startDue();
        next = await this.#store.nextRunAt([...this.#handlers.keys()], [...this.#running.keys()]);
      }
    } catch (error) {
      this.#report({ kind: 'storage_failed', during: 'looking for jobs', error });
    }
    this.#sleepUntil(next);
  }

  async #startDue(): Promise<void> {
    const room = MAX_RUNNING - this.#running.size;
    if (room <= 0) return;
    const names = [...this.#handlers.keys()];
    const jobs = await this.#store.due(names, this.#clock.now(), [...this.#running.keys()], room);
    for (const job of jobs) {
      const run = this.#run(job).finally(() => {
        this.#running.delete(job.id);
        this.#look();
      });
      this.#running.set(job.id, run);
    }
  }

  #sleepUntil(next: number | undefined): void {
    this.#cancelTimer();
    if (this.#isClosed) return;
    const wait = next === undefined ? POLL_MS : Math.min(next - this.#clock.now(), POLL_MS);
    // With every place taken, due jobs wait for one to end, not for a timer that would fire at once.
    const pause = this.#running.size >= MAX_RUNNING ? POLL_MS : Math.max(wait, 0);
    this.#cancelTimer = this.#clock.schedule(pause, () => this.#look());
  }

  async #run(job: JobRow): Promise<void> {
    const { id, name, dueAt } = job;
    const attempt = job.attempts + 1;
    try {
      const payload = JSON.parse(job.payload) as unknown;
      await this.#handlers.get(name)?.({ id, name, payload, dueAt, attempt });
    } catch (error) {
      await this.#record('recording a failure', () => this.#fail(job, error));
      return;
    }
    await this.#record('recording a success', () => this.#store.finish(job, this.#clock.now()));
  }

  async #fail(job: JobRow, error: unknown): Promise<void> {
    const { id, name } = job;
    const attempts = job.attempts + 1;
    const text = String(error).slice(0, MAX_ERROR_LENGTH);
    if (attempts >= job.maxAttempts) {
      await this.#store.giveUp(job, this.#clock.now(), text);
      this.#report({ kind: 'job_given_up', id, name, attempts, error });
      return;
    }
    const pause = pauseAfterFailure(attempts, this.#random(), this.#backoff);
    await this.#store.postpone(job, this.#clock.now() + pause, text);
    this.#report({ kind: 'job_failed', id, name, attempt: attempts, error });
  }

  /** What cannot be recorded leaves the job as it was: it runs again. */
  async #record(during: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#report({ kind: 'storage_failed', during, error });
      // Not at once: the database has just refused.
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.schedule(POLL_MS, resolve);
        if (this.#isClosed) {
          cancel();
          resolve();
        }
      });
    }
  }
}
