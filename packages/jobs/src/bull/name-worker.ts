import { type Job as BullJob, isNotConnectionError } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Backoff, pauseAfterFailure } from '../backoff.js';
import type { JobHandler } from '../scheduler.js';
import { JobQueues } from './job-queues.js';
import { PatientWorker } from './patient-worker.js';
import type { Turn } from './turn.js';
import { causeOf, TurnRunner, type TurnRunnerOptions } from './turn-runner.js';

export interface NameWorkerOptions extends TurnRunnerOptions {
  /** Without a command timeout: BullMQ waits at the server. */
  readonly redis: Redis;
  readonly prefix: string;
  readonly random: () => number;
  readonly backoff: Backoff | undefined;
}

/** Jobs of one name that run at the same time in one process. */
const MAX_RUNNING = 16;
/** A job whose workers die again and again is still not given up: it has not failed. */
const MAX_STALLED = 1_000_000_000;
/** After Redis has gone away. BullMQ's default is a quarter of a minute. */
const PAUSE_AFTER_LOSS_MS = 500;

/** Works on the jobs of one name. */
export class NameWorker {
  readonly #worker: PatientWorker;
  readonly #runner: TurnRunner;
  readonly #running = new Set<Promise<void>>();

  constructor(name: string, handler: JobHandler, options: NameWorkerOptions) {
    const { redis, prefix, random, backoff, lockMs, report } = options;
    this.#runner = new TurnRunner(name, handler, options);
    this.#worker = new PatientWorker(JobQueues.nameOf(name), (job, token) => this.#run(job, token ?? ''), {
      connection: redis,
      prefix,
      concurrency: MAX_RUNNING,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: MAX_STALLED,
      runRetryDelay: PAUSE_AFTER_LOSS_MS,
      settings: { backoffStrategy: (failures) => pauseAfterFailure(failures, random(), backoff) },
    });
    this.#worker.on('failed', (job, error) => {
      if (job === undefined) return;
      const { id = '', attemptsMade: attempts } = job;
      if (attempts >= job.data.maxAttempts) report({ kind: 'job_given_up', id, name, attempts, error: causeOf(error) });
      else report({ kind: 'job_failed', id, name, attempt: attempts, error: causeOf(error) });
    });
    this.#worker.on('error', (error) => {
      // The connections report themselves that they are lost.
      if (isNotConnectionError(error))
        report({ kind: 'storage_failed', during: `working on jobs named '${name}'`, error });
    });
  }

  /** Takes up no further job and waits for those that run, and then at most so long for Redis to hear of their ends. */
  async close(waitAtMost: () => Promise<void>): Promise<void> {
    this.#runner.close();
    const closed = this.#worker.close();
    await Promise.allSettled(this.#running);
    await Promise.race([closed, waitAtMost()]);
    await this.#worker.abandon();
  }

  #run(job: BullJob<Turn>, token: string): Promise<void> {
    const run = this.#runner.run(job, token).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }
}
