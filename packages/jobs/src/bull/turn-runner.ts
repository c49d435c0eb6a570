import type { Clock } from '@expacti/persistence';
import { type Job as BullJob, DelayedError, UnrecoverableError } from 'bullmq';
import type { JobTrouble } from '../job-trouble.js';
import type { JobHandler } from '../scheduler.js';
import type { JobQueues } from './job-queues.js';
import type { KeyRecords } from './key-records.js';
import { isKeyed, type KeyedTurn, type Turn, turnId } from './turn.js';

export interface TurnRunnerOptions {
  readonly queues: JobQueues;
  readonly records: KeyRecords;
  readonly clock: Clock;
  readonly lockMs: number;
  readonly report: (trouble: JobTrouble) => void;
}

const PAUSE_MS = 500;
const MAX_ERROR_LENGTH = 1_000;

/** A failed run, as BullMQ keeps it; what was thrown is its cause. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';

  constructor(cause: unknown) {
    super(String(cause).slice(0, MAX_ERROR_LENGTH), { cause });
  }
}

/**
 * Runs jobs of one name for BullMQ.
 *
 * BullMQ counts attempts, pauses and gives up. What comes after the turn of a key is written down before BullMQ hears how
 * the turn ended: whoever dies in between leaves a turn that runs again, finds itself outdated, and makes sure that the
 * turn which counts is there. The other order would end a repetition in silence.
 */
export class TurnRunner {
  readonly #name: string;
  readonly #handler: JobHandler;
  readonly #options: TurnRunnerOptions;
  #isClosed = false;

  constructor(name: string, handler: JobHandler, options: TurnRunnerOptions) {
    this.#name = name;
    this.#handler = handler;
    this.#options = options;
  }

  /** From now on nothing is tried again. */
  close(): void {
    this.#isClosed = true;
  }

  /** @param token of the lock under which the job runs */
  async run(job: BullJob<Turn>, token: string): Promise<void> {
    const turn = job.data;
    if (isKeyed(turn)) await this.#runKeyed(job, turn, token);
    else await this.#handle(job);
  }

  async #runKeyed(job: BullJob<Turn>, turn: KeyedTurn, token: string): Promise<void> {
    const { records } = this.#options;
    const standing = await this.#persist('beginning a job', () => records.standing(this.#name, turn));
    // A worker wrote this down and died before BullMQ heard of it.
    if (standing === 'given_up') throw new UnrecoverableError('It failed as often as it may; its worker ended then');
    if (standing === 'outdated') {
      await this.#persist('following a moved job', () => this.#wakeCurrent(turn));
      return;
    }
    try {
      await this.#handle(job);
    } catch (error) {
      await this.#fail(job, turn, token, error);
      return;
    }
    await this.#persist('recording a success', async () => {
      await this.#holdLock(job, token);
      if (turn.everyMs !== undefined) await this.#repeat(turn, turn.everyMs, 'done');
      else await records.end(this.#name, turn);
      await this.#wakeCurrent(turn);
    });
  }

  /** Rejects, so that BullMQ lets the turn fail, unless it was moved or cancelled while it ran. */
  async #fail(job: BullJob<Turn>, turn: KeyedTurn, token: string, error: unknown): Promise<void> {
    const { records, report } = this.#options;
    const attempt = job.attemptsMade + 1;
    const standing = await this.#persist('recording a failure', async () => {
      await this.#holdLock(job, token);
      return records.standing(this.#name, turn);
    });
    if (standing !== 'current') {
      report({ kind: 'job_failed', id: turnId(turn), name: this.#name, attempt, error: causeOf(error) });
      await this.#persist('following a moved job', () => this.#wakeCurrent(turn));
      return;
    }
    if (attempt >= turn.maxAttempts) {
      await this.#persist('giving up a job', async () => {
        await this.#holdLock(job, token);
        if (turn.everyMs !== undefined) await this.#repeat(turn, turn.everyMs, 'given_up');
        else await records.giveUp(this.#name, turn);
        await this.#wakeCurrent(turn);
      });
    }
    throw error;
  }

  async #handle(job: BullJob<Turn>): Promise<void> {
    const { id, payload, dueAt } = job.data;
    try {
      await this.#handler({ id, name: this.#name, payload, dueAt, attempt: job.attemptsMade + 1 });
    } catch (error) {
      throw new RunFailed(error);
    }
  }

  async #repeat(turn: KeyedTurn, everyMs: number, how: 'done' | 'given_up'): Promise<void> {
    const { records, clock } = this.#options;
    await records.repeat(this.#name, turn, clock.now() + everyMs, how);
  }

  /** Makes sure that the turn which counts now is among BullMQ's jobs: who began it may have died before adding it. */
  async #wakeCurrent(turn: KeyedTurn): Promise<void> {
    const { records, queues, clock } = this.#options;
    const current = await records.find(this.#name, turn.key);
    if (current !== undefined) await queues.add(this.#name, current, clock.now());
  }

  /**
   * Only who holds the lock writes down how a run ended. A process that stood still for longer than its lock finds the job
   * taken over by another one, and leaves it alone.
   */
  async #holdLock(job: BullJob<Turn>, token: string): Promise<void> {
    if ((await job.extendLock(token, this.#options.lockMs)) !== 1) throw leaveAlone();
  }

  /** Tries until it succeeds: Redis comes back. When the process ends meanwhile, the job runs again elsewhere. */
  async #persist<T>(during: string, write: () => Promise<T>): Promise<T> {
    const { clock, report } = this.#options;
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (error instanceof DelayedError) throw error;
        report({ kind: 'storage_failed', during, error });
        if (this.#isClosed) throw leaveAlone();
      }
      await new Promise<void>((resolve) => clock.schedule(PAUSE_MS, resolve));
    }
  }
}

/** Tells BullMQ that the job is none of this worker's business any more: it neither ends nor fails it. */
const leaveAlone = (): DelayedError => new DelayedError('left to whoever holds its lock');

export function causeOf(error: unknown): unknown {
  return error instanceof RunFailed ? error.cause : error;
}
