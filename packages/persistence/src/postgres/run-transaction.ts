import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { DatabaseUnavailable, driverCode, TransactionTimeout } from '../database-errors.js';
import { poolOf, promptly } from './connections.js';
import { asDatabaseError } from './postgres-errors.js';
import { openUnitRunner, type UnitRunner } from './unit-runner.js';

/** What a statement is told that comes after one that failed: it says nothing of what went wrong. */
const ALREADY_FAILED = '25P02';

/**
 * One transaction on a connection of its own, committed when `perform` resolves. Errors of the server come as
 * `DatabaseUnavailable`. Nothing is tried again: `perform` runs once.
 */
export async function runTransaction<T>(source: DataSource, perform: (unit: UnitRunner) => Promise<T>): Promise<T> {
  const client = await checkOut(poolOf(source));
  const connection = new HeldConnection(client);
  const unit = openUnitRunner(client, source);
  try {
    await connection.begin();
    let result: T;
    try {
      result = await perform(unit);
    } finally {
      unit.close();
    }
    await connection.commit(unit);
    return result;
  } catch (error) {
    await connection.rollBack(error);
    throw asDatabaseError(driverCode(error) === ALREADY_FAILED ? unit.failure : error);
  } finally {
    connection.release();
  }
}

/** Takes a connection out of the pool, or opens one. Whoever takes it listens to its errors and releases it. */
export async function checkOut(pool: Pool | undefined): Promise<PoolClient> {
  if (pool === undefined) throw new DatabaseUnavailable('The database is closed.');
  try {
    return await pool.connect();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** A connection between its place in the pool and its return there. */
class HeldConnection {
  readonly #client: PoolClient;
  #isInTransaction = true;
  /** The connection is gone, or in a state that nobody knows: the pool must not use it again. */
  #isUnusable = false;
  #isLost = false;

  constructor(client: PoolClient) {
    this.#client = client;
    // Without a listener a lost connection would end the process; the next statement tells of it.
    client.on('error', this.#lose);
  }

  async begin(): Promise<void> {
    // Until that is answered there is nothing to roll back, and afterwards nobody knows.
    this.#isUnusable = true;
    await promptly(this.#client.query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE'));
    this.#isUnusable = false;
  }

  async commit(unit: UnitRunner): Promise<void> {
    if (this.#isLost) throw new DatabaseUnavailable('The connection was lost: the transaction was rolled back.');
    this.#isInTransaction = false;
    const { command } = await this.#client.query('COMMIT').catch((error: unknown) => {
      this.#isUnusable = true;
      const trouble = asDatabaseError(error);
      if (!(trouble instanceof DatabaseUnavailable)) throw trouble;
      throw new DatabaseUnavailable(
        'The connection was lost while committing: the transaction may or may not be kept.',
        {
          cause: error,
        },
      );
    });
    // A server that has given the transaction up answers so, and not with an error.
    if (command === 'COMMIT') return;
    throw unit.failure ?? new Error('PostgreSQL rolled the transaction back instead of committing it.');
  }

  async rollBack(reason: unknown): Promise<void> {
    if (!this.#isInTransaction || this.#isUnusable) return;
    this.#isInTransaction = false;
    // A statement may still be running: without its connection the server gives the transaction up.
    this.#isUnusable = this.#isLost || reason instanceof TransactionTimeout;
    if (this.#isUnusable) return;
    await promptly(this.#client.query('ROLLBACK')).catch(() => {
      this.#isUnusable = true;
    });
  }

  release(): void {
    this.#client.release(this.#isUnusable || this.#isLost);
    this.#client.off('error', this.#lose);
  }

  readonly #lose = (): void => {
    this.#isLost = true;
  };
}
