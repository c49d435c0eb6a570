import type { EntityManager } from 'typeorm';
import type { CommitListener } from './commit-signals.js';

/** A value that a prepared insert can bind on every dialect. Objects are serialized by the caller. */
export type ColumnValue = string | number | bigint | boolean | Uint8Array | null;

/** One row of `Database.append`: column name → value. */
export type PreparedRow = Readonly<Record<string, ColumnValue>>;

export interface TransactionOptions {
  /**
   * Nobody waits for this one: it may be overtaken by those that somebody waits for, and is kept apart from their commits.
   * For projections, sums and tidying up. Ignored where transactions run side by side (PostgreSQL).
   */
  readonly isPatient?: boolean;
}

/**
 * The only door to a database. Services receive one; which engine stands behind it is the composition root's choice.
 *
 * Errors: `DatabaseUnavailable` when the engine cannot read or make something durable now (disk full, locked, gone):
 * nothing of that unit was kept, unless a connection broke during its commit (see there), and the caller answers 503.
 * Errors thrown by `work` reject with themselves.
 */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres';

  /** Reads of committed state. Each statement sees all that was committed before it; writing is refused. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;

  /**
   * One atomic transaction. `work` runs exactly once; the promise resolves after a durable commit (fsync), and rejects
   * when nothing of it was kept. Everything that `work` does with `manager` must be awaited inside `work`.
   * Calling `transaction` or `append` of the same database inside `work` throws `NestedTransactionError`.
   *
   * Others may run at the same time: each statement sees what was committed when it began (READ COMMITTED). Guard what is
   * read and then written by a version (`compareAndSwap`), a unique index or `serialize`. A statement that fails is the end
   * of the transaction, even where `work` catches its error: let it reject, and look again in another one.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>, options?: TransactionOptions): Promise<T>;

  /**
   * Hot path: durable insert of prepared rows (all or none), committed together with whatever else is waiting. Calls for one
   * table are written in their order.
   */
  append(table: string, rows: readonly PreparedRow[]): Promise<void>;

  /**
   * Calls `listener` after each commit that carried `topic` (see `signalOnCommit`). A hint, not a promise: commits of
   * other processes may not be heard, so listeners also poll. Returns what ends it.
   */
  onCommit(topic: string, listener: CommitListener): () => void;

  /** Resolves when the database answers a read and accepts a durable write. */
  ping(): Promise<void>;

  /** Finishes the writes that are waiting, then closes. Later calls reject with `DatabaseUnavailable`. */
  close(): Promise<void>;
}
