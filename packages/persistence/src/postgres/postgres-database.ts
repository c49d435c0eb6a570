import type { Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { type CommitListener, CommitListeners, openSignals, type Signals } from '../commit-signals.js';
import type { Database, PreparedRow } from '../database.js';
import { DatabaseUnavailable, driverCode } from '../database-errors.js';
import { RunningUnits } from '../running-units.js';
import { AppendQueue } from './append-queue.js';
import { promptly } from './connections.js';
import { asDatabaseError } from './postgres-errors.js';
import { runTransaction } from './run-transaction.js';

/** The connections of one process, by what they are for, so that none of these holds up another. */
export interface PostgresSources {
  /** Its sessions refuse to write. */
  readonly reader: DataSource;
  readonly writer: DataSource;
  readonly appender: Pool;
}

const NO_DETAILS: ReadonlySet<string> = new Set();

/** Writing in a session that is for reading. */
const READ_ONLY = '25006';

/**
 * `Database` on a PostgreSQL server. Transactions run side by side at READ COMMITTED, and the server lets their commits
 * share an fsync; that is why nobody has to be patient here.
 */
export class PostgresDatabase implements Database {
  readonly dialect = 'postgres';
  readonly #sources: PostgresSources;
  readonly #appends: AppendQueue;
  readonly #units: RunningUnits;
  readonly #listeners = new CommitListeners();
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(sources: PostgresSources, transactionLimitMs: number) {
    this.#sources = sources;
    this.#appends = new AppendQueue(sources.appender);
    this.#units = new RunningUnits(transactionLimitMs);
  }

  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    this.#refuseIfClosed();
    try {
      return await work(this.#sources.reader.manager);
    } catch (error) {
      // Writing through the reader is a mistake of the code, not trouble of the database.
      throw driverCode(error) === READ_ONLY ? error : asDatabaseError(error);
    }
  }

  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    this.#units.refuseNesting('transaction');
    this.#refuseIfClosed();
    return this.#finishing(this.#transact(work));
  }

  async append(table: string, rows: readonly PreparedRow[]): Promise<void> {
    this.#units.refuseNesting('append');
    this.#refuseIfClosed();
    if (rows.length === 0) return;
    await this.#appends.add(table, rows);
    this.#listeners.announce([[table, NO_DETAILS]]);
  }

  onCommit(topic: string, listener: CommitListener): () => void {
    return this.#listeners.add(topic, listener);
  }

  async ping(): Promise<void> {
    await this.read((manager) => promptly(manager.query('SELECT 1')));
    // Goes through the whole commit path to the disk and changes nothing.
    await this.transaction((manager) => manager.query("SELECT pg_logical_emit_message(true, 'expacti', 'ping')"));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    let signals: Signals = new Map();
    const result = await runTransaction(this.#sources.writer, (unit) => {
      signals = openSignals(unit.runner);
      return this.#units.run(() => work(unit.manager));
    });
    this.#listeners.announce(signals);
    return result;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#appends.close();
    await this.#sources.reader.destroy();
    await this.#sources.writer.destroy();
  }

  async #finishing<T>(unit: Promise<T>): Promise<T> {
    this.#underWay.add(unit);
    try {
      return await unit;
    } finally {
      this.#underWay.delete(unit);
    }
  }

  #refuseIfClosed(): void {
    if (this.#closing !== undefined) throw new DatabaseUnavailable('The database is closed.');
  }
}
