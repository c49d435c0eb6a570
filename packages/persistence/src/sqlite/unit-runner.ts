import type { Database as SqliteConnection } from 'better-sqlite3';
import type { EntityManager, QueryRunner } from 'typeorm';
import { DatabaseUnavailable } from '../database-errors.js';

/**
 * TypeORM keeps one query runner per SQLite connection. Each unit of work gets a runner of its own that shares the
 * connection and the prepared statements but not the transaction state, so that
 * - TypeORM believes that a transaction is open and does not begin another one (`save` would);
 * - a statement that was not awaited and arrives after the unit's end is refused instead of joining a stranger's unit;
 * - a statement never runs in autocommit mode after SQLite has thrown the transaction away (full disk).
 */
export interface UnitRunner {
  readonly manager: EntityManager;
  readonly runner: QueryRunner;
  /** From now on the unit's manager refuses every statement. */
  close(): void;
}

export function openUnitRunner(connection: SqliteConnection, shared: QueryRunner): UnitRunner {
  const runner = Object.create(shared) as QueryRunner & { transactionDepth: number; isReleased: boolean };
  const manager = shared.dataSource.createEntityManager(runner);
  const query: QueryRunner['query'] = (...statement: Parameters<QueryRunner['query']>) => {
    if (!connection.inTransaction && !runner.isReleased) {
      return Promise.reject(new DatabaseUnavailable('The database has rolled this transaction back.'));
    }
    return shared.query.apply(runner, statement) as Promise<never>;
  };
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1, isReleased: false, manager, query });
  return {
    manager,
    runner,
    close: () => {
      runner.isReleased = true;
    },
  };
}
