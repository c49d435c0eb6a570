import { type Database, newId, serialize } from '@expacti/persistence';
import { type EntityManager, In, LessThanOrEqual, Not } from 'typeorm';
import type { FailedJob, ScheduleOptions } from '../scheduler.js';
import { JobRow } from './job-row.js';

const MAX_LISTED = 200;
const DEFAULT_MAX_ATTEMPTS = 10;

/**
 * The table of jobs. Others may change it at the same time: whoever ends a run or moves a job says in the same statement
 * which one it has seen, and whoever makes a waiting job of a key takes turns.
 */
export class JobStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(name: string, payload: unknown, at: number, options: ScheduleOptions): Promise<string> {
    return this.#database.transaction(async (manager) => {
      const { key = null, everyMs = null, maxAttempts = DEFAULT_MAX_ATTEMPTS } = options;
      if (key !== null) await serialize(manager, turnOf(name, key));
      const waiting = key === null ? null : await manager.findOneBy(JobRow, { name, key, state: 'waiting' });
      const fresh = {
        payload: JSON.stringify(payload ?? null),
        dueAt: at,
        runAt: at,
        everyMs,
        attempts: 0,
        maxAttempts,
      };
      if (waiting !== null) {
        const changes = { ...fresh, lastError: null, revision: waiting.revision + 1 };
        const moved = await manager.update(JobRow, { id: waiting.id, state: 'waiting' }, changes);
        // Otherwise it has ended in this moment, and does not count.
        if (moved.affected === 1) return waiting.id;
      }
      const id = newId('job');
      await manager.insert(JobRow, { id, name, key, state: 'waiting', lastError: null, revision: 1, ...fresh });
      return id;
    });
  }

  async remove(name: string, key: string): Promise<boolean> {
    const result = await this.#database.transaction((manager) =>
      manager.delete(JobRow, { name, key, state: 'waiting' }),
    );
    return (result.affected ?? 0) > 0;
  }

  /** Waiting jobs of these names that are due, except those that run already, earliest first. */
  async due(names: readonly string[], now: number, running: readonly string[], limit: number): Promise<JobRow[]> {
    return this.#database.read((manager) =>
      manager.find(JobRow, {
        where: { state: 'waiting', name: In([...names]), runAt: LessThanOrEqual(now), id: Not(In([...running])) },
        order: { runAt: 'ASC', id: 'ASC' },
        take: limit,
      }),
    );
  }

  /** When the next job of these names wants to run; nothing when none waits. */
  async nextRunAt(names: readonly string[], running: readonly string[]): Promise<number | undefined> {
    const next = await this.#database.read((manager) =>
      manager.findOne(JobRow, {
        where: { state: 'waiting', name: In([...names]), id: Not(In([...running])) },
        order: { runAt: 'ASC' },
      }),
    );
    return next?.runAt;
  }

  /** The job is done: it goes, or waits for its next turn. */
  async finish(job: JobRow, now: number): Promise<void> {
    const { everyMs } = job;
    await this.#database.transaction(async (manager) => {
      if (everyMs === null) await manager.delete(JobRow, current(job));
      else await repeat(manager, job, now + everyMs);
    });
  }

  /** The job failed and will be tried again. */
  async postpone(job: JobRow, runAt: number, error: string): Promise<void> {
    await this.#database.transaction((manager) =>
      manager.update(JobRow, current(job), { attempts: job.attempts + 1, runAt, lastError: error }),
    );
  }

  /** The job failed for the last time: it is kept as failed; a repeating one also waits for its next turn. */
  async giveUp(job: JobRow, now: number, error: string): Promise<void> {
    const failed = { state: 'failed' as const, attempts: job.attempts + 1, runAt: now, lastError: error };
    const { everyMs } = job;
    await this.#database.transaction(async (manager) => {
      if (everyMs === null) {
        await manager.update(JobRow, current(job), failed);
        return;
      }
      const isRepeated = await repeat(manager, job, now + everyMs);
      if (isRepeated) await manager.insert(JobRow, { ...job, ...failed, id: newId('job'), key: null, everyMs: null });
    });
  }

  async failed(name: string | undefined): Promise<FailedJob[]> {
    const rows = await this.#database.read((manager) =>
      manager.find(JobRow, {
        where: { state: 'failed', ...(name === undefined ? {} : { name }) },
        order: { runAt: 'DESC', id: 'DESC' },
        take: MAX_LISTED,
      }),
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      payload: JSON.parse(row.payload) as unknown,
      attempts: row.attempts,
      error: row.lastError ?? '',
      failedAt: row.runAt,
    }));
  }

  /** False when it is not failed, or when a job of its key waits again. */
  async revive(id: string, now: number): Promise<boolean> {
    return this.#database.transaction(async (manager) => {
      const row = await manager.findOneBy(JobRow, { id, state: 'failed' });
      if (row === null) return false;
      const { name, key } = row;
      if (key !== null) await serialize(manager, turnOf(name, key));
      if (key !== null && (await manager.existsBy(JobRow, { name, key, state: 'waiting' }))) return false;
      const changes = { state: 'waiting' as const, attempts: 0, runAt: now, revision: row.revision + 1 };
      return (await manager.update(JobRow, { id, state: 'failed' }, changes)).affected === 1;
    });
  }
}

/** The job as it was when its run began: not one that was rescheduled or cancelled while it ran. */
const current = ({ id, revision }: JobRow) => ({ id, revision, state: 'waiting' as const });

/** What those name who make a waiting job of a key. */
const turnOf = (name: string, key: string): string => `jobs_jobs ${name} ${key}`;

/** The job waits for its next turn. False where it is not current. */
async function repeat(manager: EntityManager, job: JobRow, at: number): Promise<boolean> {
  const changes = { dueAt: at, runAt: at, attempts: 0, lastError: null };
  return (await manager.update(JobRow, current(job), changes)).affected === 1;
}
