import { setTimeout as sleep } from 'node:timers/promises';
import type { Database as SqliteConnection } from 'better-sqlite3';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { DatabaseUnavailable } from '../database-errors.js';
import { asDatabaseError, isLockHeldElsewhere } from './sqlite-errors.js';
import { openUnitRunner } from './unit-runner.js';

/** Another process may be migrating the same file; a big table takes a while. */
const LOCK_PATIENCE_MS = 30_000;
const LOCK_RETRY_MS = 50;

/**
 * Runs what is pending in one transaction under the file's write lock: of several processes that start at once one
 * migrates, the others find nothing left to do. A failing migration leaves the file as it was.
 */
export async function migrateSqlite(source: DataSource, connection: SqliteConnection): Promise<void> {
  // Rebuilding a table would cascade; the check before COMMIT finds what the rebuild broke. No effect once begun.
  connection.pragma('foreign_keys = OFF');
  await beginExclusive(connection);
  const unit = openUnitRunner(connection, source.createQueryRunner());
  try {
    const executor = new MigrationExecutor(source, unit.runner);
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    const broken = connection.pragma('foreign_key_check') as unknown[];
    if (broken.length > 0)
      throw new Error(`A migration left ${broken.length} rows that point to rows that do not exist`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw asDatabaseError(error);
  } finally {
    unit.close();
    connection.pragma('foreign_keys = ON');
  }
}

async function beginExclusive(connection: SqliteConnection): Promise<void> {
  const start = performance.now();
  for (;;) {
    try {
      connection.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isLockHeldElsewhere(error)) throw asDatabaseError(error);
      if (performance.now() - start > LOCK_PATIENCE_MS) {
        throw new DatabaseUnavailable('Another process has held the database for 30 s; migrations did not run.', {
          cause: error,
        });
      }
      await sleep(LOCK_RETRY_MS);
    }
  }
}
