import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database as SqliteConnection } from 'better-sqlite3';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { type CommitListener, CommitListeners, openSignals, type Signals } from '../commit-signals.js';
import type { Database, PreparedRow, TransactionOptions } from '../database.js';
import { DatabaseUnavailable, driverCode } from '../database-errors.js';
import { RunningUnits } from '../running-units.js';
import { AppendStatements } from './append-statements.js';
import { asDatabaseError } from './sqlite-errors.js';
import { openUnitRunner } from './unit-runner.js';
import { WriteQueue } from './write-queue.js';

/** The two data sources of one file: the writer's connection belongs to the queue alone, the reader's cannot write. */
export interface SqliteSources {
  readonly writer: DataSource;
  readonly reader: DataSource;
}

const NO_DETAILS: ReadonlySet<string> = new Set();

/** The file's raw connection under a data source. */
export function connectionOf(source: DataSource): SqliteConnection {
  return (source.driver as unknown as { databaseConnection: SqliteConnection }).databaseConnection;
}

/** `Database` on one SQLite file: one writer queue with group commit, readers beside it (WAL). */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  readonly #sources: SqliteSources;
  readonly #connection: SqliteConnection;
  readonly #runner: QueryRunner;
  readonly #queue: WriteQueue;
  readonly #appends: AppendStatements;
  readonly #listeners = new CommitListeners();
  readonly #units: RunningUnits;
  #closing: Promise<void> | undefined;

  constructor(sources: SqliteSources, transactionLimitMs: number) {
    this.#sources = sources;
    this.#connection = connectionOf(sources.writer);
    this.#runner = sources.writer.createQueryRunner();
    this.#queue = new WriteQueue(this.#connection);
    this.#appends = new AppendStatements(this.#connection);
    this.#units = new RunningUnits(transactionLimitMs);
  }

  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new DatabaseUnavailable('The database is closed.');
    try {
      return await work(this.#sources.reader.manager);
    } catch (error) {
      // Writing through the reader is a mistake of the code, not trouble of the database.
      throw driverCode(error) === 'SQLITE_READONLY' ? error : asDatabaseError(error);
    }
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    this.#units.refuseNesting('transaction');
    // The queue runs in the context of whoever woke it; the work belongs to this caller's (its trace, its log fields).
    const inCallersContext = AsyncLocalStorage.snapshot();
    return new Promise<T>((resolve, reject) => {
      let result: T;
      let signals: Signals = new Map();
      this.#queue.add({
        needsSavepoint: true,
        isPatient: options.isPatient ?? false,
        run: async () => {
          const unit = openUnitRunner(this.#connection, this.#runner);
          signals = openSignals(unit.runner);
          try {
            result = await inCallersContext(() => this.#units.run(() => work(unit.manager)));
          } finally {
            unit.close();
          }
        },
        committed: () => {
          this.#listeners.announce(signals);
          resolve(result);
        },
        failed: reject,
      });
    });
  }

  append(table: string, rows: readonly PreparedRow[]): Promise<void> {
    this.#units.refuseNesting('append');
    if (rows.length === 0) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const insertAll = (): undefined => {
        for (const row of rows) this.#appends.insert(table, row);
      };
      this.#queue.add({
        needsSavepoint: rows.length > 1,
        isPatient: false,
        run: insertAll,
        committed: () => {
          this.#listeners.announce([[table, NO_DETAILS]]);
          resolve();
        },
        failed: reject,
      });
    });
  }

  onCommit(topic: string, listener: CommitListener): () => void {
    return this.#listeners.add(topic, listener);
  }

  async ping(): Promise<void> {
    await this.read((manager) => manager.query('SELECT 1'));
    // Sets the version mark to what it is: a real write through the whole commit path that changes nothing.
    await this.transaction(async (manager) => {
      const [row] = (await manager.query('PRAGMA user_version')) as { user_version: number }[];
      await manager.query(`PRAGMA user_version = ${row?.user_version ?? 0}`);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    await this.#sources.reader.destroy();
    await this.#sources.writer.destroy();
  }
}
