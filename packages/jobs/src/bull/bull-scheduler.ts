import { type Clock, newId, systemClock } from '@expacti/persistence';
import { closeRedis, DEFAULT_PREFIX, openRedis, type RedisSettings, whyUnavailable } from '@expacti/redis';
import type { Job as BullJob } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Backoff } from '../backoff.js';
import { checkOptions } from '../check-options.js';
import type { JobTrouble } from '../job-trouble.js';
import type { FailedJob, JobHandler, ScheduleOptions, Scheduler } from '../scheduler.js';
import { SchedulerUnavailable } from '../scheduler-unavailable.js';
import { JobQueues } from './job-queues.js';
import { KeyRecords } from './key-records.js';
import { NameWorker } from './name-worker.js';
import { isKeyed, planOf, type Turn } from './turn.js';

export interface BullSchedulerOptions {
  /** The server must keep what it acknowledges (`checkDurability`): a job is promised when it has answered. */
  readonly settings: RedisSettings;
  readonly clock?: Clock;
  /** From 0 up to, not including, 1; for the jitter. */
  readonly random?: () => number;
  readonly report?: (trouble: JobTrouble) => void;
  /** A worker that is not heard of for so long has died: its jobs run again, at most twice that later. Default 10 s. */
  readonly lockMs?: number;
  /** Default: a second, doubling up to a quarter of an hour. */
  readonly backoff?: Backoff;
}

const DEFAULT_MAX_ATTEMPTS = 10;
const MAX_LISTED = 200;
const DEFAULT_LOCK_MS = 10_000;
/** Nobody waits longer for an answer. */
const LONGEST_WAIT_MS = 5_000;

/**
 * The scheduler of the distributed composition, on BullMQ. Any number of processes work on it.
 *
 * What could fail silently:
 * - BullMQ cannot replace a waiting job in one step. So a record of each key says which of BullMQ's jobs counts
 *   (`KeyRecords`), and one that does not count any more does nothing when it runs but see that the one which does is
 *   there. Replaced ones are removed, for tidiness alone.
 * - Removing a key's record by hand cancels its job, although BullMQ still lists it.
 * - Which job is due is judged by the clocks of the machines: one whose clock is ahead runs jobs early by that much.
 */
export class BullScheduler implements Scheduler {
  readonly #settings: RedisSettings;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #options: BullSchedulerOptions;
  readonly #commands: Redis;
  readonly #queues: JobQueues;
  readonly #records: KeyRecords;
  readonly #workers = new Map<string, NameWorker>();
  #working: Redis | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: BullSchedulerOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#prefix = `{${options.settings.prefix ?? DEFAULT_PREFIX}:jobs}`;
    this.#clock = options.clock ?? systemClock;
    this.#commands = openRedis(this.#settings, 'jobs');
    this.#queues = new JobQueues(this.#commands, this.#prefix);
    this.#records = new KeyRecords(this.#commands, `${this.#prefix}.keys`);
  }

  /** @throws SchedulerUnavailable within 5 s */
  async schedule(name: string, payload: unknown, options: ScheduleOptions = {}): Promise<string> {
    checkOptions(options);
    const { at = this.#clock.now(), maxAttempts = DEFAULT_MAX_ATTEMPTS, everyMs } = options;
    const plan = planOf({
      payload: payload ?? null,
      dueAt: at,
      maxAttempts,
      ...(everyMs === undefined ? {} : { everyMs }),
    });
    const id = newId('job');
    // What repeats needs a record that says which turn counts.
    const key = options.key ?? (everyMs === undefined ? undefined : id);
    return this.#answer(async () => {
      if (key === undefined) {
        await this.#queues.add(name, { ...plan, id, revision: 1 }, this.#clock.now());
        return id;
      }
      const { turn, replaced } = await this.#records.put(name, key, id, plan);
      await this.#queues.add(name, turn, this.#clock.now());
      if (replaced !== undefined) await this.#queues.forget(name, replaced);
      return turn.id;
    });
  }

  /** @throws SchedulerUnavailable within 5 s */
  async cancel(name: string, key: string): Promise<boolean> {
    return this.#answer(async () => {
      const removed = await this.#records.remove(name, key);
      if (removed === undefined) return false;
      await this.#queues.forget(name, removed);
      return true;
    });
  }

  /** Does not wait for Redis: work begins as soon as it is there. */
  async handle(name: string, handler: JobHandler): Promise<void> {
    if (this.#workers.has(name)) throw new Error(`Jobs named '${name}' have a handler already`);
    if (this.#closing !== undefined) throw new Error('The scheduler is closed');
    this.#working ??= openRedis(this.#settings, 'jobs-worker', 'blocking');
    const { random = Math.random, report = () => undefined, lockMs = DEFAULT_LOCK_MS, backoff } = this.#options;
    const worker = new NameWorker(name, handler, {
      redis: this.#working,
      prefix: this.#prefix,
      queues: this.#queues,
      records: this.#records,
      clock: this.#clock,
      random,
      report,
      lockMs,
      backoff,
    });
    this.#workers.set(name, worker);
  }

  /** @throws SchedulerUnavailable within 5 s */
  async failed(name?: string): Promise<FailedJob[]> {
    return this.#answer(async () => {
      const names = name === undefined ? await this.#queues.names() : [name];
      const jobs = (await Promise.all(names.map((each) => this.#queues.failed(each, MAX_LISTED)))).flat();
      return jobs
        .map(failedJob)
        .sort((one, other) => other.failedAt - one.failedAt)
        .slice(0, MAX_LISTED);
    });
  }

  /** @throws SchedulerUnavailable within 5 s */
  async retry(id: string): Promise<boolean> {
    return this.#answer(async () => {
      for (const name of await this.#queues.names()) {
        const job = await this.#queues.find(name, id);
        if (job !== undefined) return this.#retry(name, job);
      }
      return false;
    });
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #retry(name: string, job: BullJob<Turn>): Promise<boolean> {
    if (!(await job.isFailed())) return false;
    const turn = job.data;
    // A failed turn of what repeats runs once more by itself: the repetition has gone on without it.
    if (turn.everyMs !== undefined)
      await job.updateData({ ...planOf({ ...turn, everyMs: undefined }), id: turn.id, revision: turn.revision });
    else if (isKeyed(turn) && !(await this.#records.restore(name, turn))) return false;
    try {
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    } catch (error) {
      // BullMQ's own codes are numbers: somebody else has just retried it.
      if (typeof (error as { code?: unknown }).code !== 'number') throw error;
      return false;
    }
    return true;
  }

  async #close(): Promise<void> {
    const waitAtMost = () => new Promise<void>((resolve) => this.#clock.schedule(LONGEST_WAIT_MS, resolve));
    await Promise.all([...this.#workers.values()].map((worker) => worker.close(waitAtMost)));
    await this.#queues.close();
    this.#working?.disconnect();
    await closeRedis(this.#commands);
  }

  /** What Redis answers, in time. */
  async #answer<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new SchedulerUnavailable('The scheduler is closed.');
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new SchedulerUnavailable('Redis did not answer in time.');
      cancel = this.#clock.schedule(LONGEST_WAIT_MS, () => reject(error));
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      const why = whyUnavailable(error);
      throw why === undefined ? error : new SchedulerUnavailable(why, { cause: error });
    } finally {
      cancel();
    }
  }
}

function failedJob(job: BullJob<Turn>): FailedJob {
  const { id = '', name, data, attemptsMade, failedReason, finishedOn } = job;
  const { payload } = data;
  return { id, name, payload, attempts: attemptsMade, error: failedReason ?? '', failedAt: finishedOn ?? 0 };
}
