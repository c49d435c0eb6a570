import type { Database as SqliteConnection, Statement } from 'better-sqlite3';
import { DatabaseUnavailable } from '../database-errors.js';
import { asDatabaseError, isLockHeldElsewhere } from './sqlite-errors.js';

/** A piece of work that is kept as a whole or not at all. */
export interface Unit {
  /** Does the work inside the open transaction. A unit that is a single statement returns nothing and needs no savepoint. */
  readonly run: () => Promise<void> | undefined;
  readonly needsSavepoint: boolean;
  /** Nobody waits for it: units that somebody waits for overtake it. */
  readonly isPatient: boolean;
  /** Called once the outer COMMIT is on the disk. */
  readonly committed: () => void;
  /** Called when nothing of the unit was kept. */
  readonly failed: (error: unknown) => void;
}

/** A unit that was undone, and why. */
interface Failure {
  readonly error: unknown;
}

/** How many units, and for how long, may gather before their common COMMIT. Bounds what the first one waits. */
const MAX_UNITS_PER_COMMIT = 512;
const MAX_GATHERING_MS = 2;

/** How long BEGIN waits for a lock that another process holds, trying again without blocking the event loop. */
const LOCK_PATIENCE_MS = 2_000;
const LOCK_RETRY_MS = 5;

/**
 * All writes to one SQLite file, in order, in groups: BEGIN IMMEDIATE, each unit in a SAVEPOINT of its own, one COMMIT
 * (one fsync), and only then the answers. Group commit is what makes `synchronous=FULL` affordable. Patient units have a
 * line and groups of their own; the two lines take turns, so that nobody waits for more than one patient group.
 */
export class WriteQueue {
  readonly #connection: SqliteConnection;
  readonly #urgent: Unit[] = [];
  readonly #patient: Unit[] = [];
  readonly #statements: Record<'begin' | 'commit' | 'rollback' | 'save' | 'release' | 'undo', Statement>;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#statements = {
      begin: connection.prepare('BEGIN IMMEDIATE'),
      commit: connection.prepare('COMMIT'),
      rollback: connection.prepare('ROLLBACK'),
      save: connection.prepare('SAVEPOINT unit'),
      release: connection.prepare('RELEASE unit'),
      undo: connection.prepare('ROLLBACK TO unit'),
    };
  }

  add(unit: Unit): void {
    if (this.#closed) {
      unit.failed(new DatabaseUnavailable('The database is closed.'));
      return;
    }
    (unit.isPatient ? this.#patient : this.#urgent).push(unit);
    // Waiting for the end of this turn of the event loop lets everything that arrived in it share one fsync.
    this.#working ??= endOfTurn().then(() => this.#work());
  }

  /** Refuses new units and resolves when the waiting ones are answered. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    let line = this.#patient;
    while (this.#urgent.length + this.#patient.length > 0) {
      const other = line === this.#urgent ? this.#patient : this.#urgent;
      if (other.length > 0) line = other;
      const refusal = await this.#begin();
      if (refusal === undefined) await this.#commitGroup(line);
      else for (const unit of line.splice(0)) unit.failed(refusal);
      // SQLite never waits, so callers that write again as soon as they are answered would starve timers and sockets.
      await endOfTurn();
    }
    this.#working = undefined;
  }

  async #begin(): Promise<unknown> {
    const start = performance.now();
    for (;;) {
      try {
        this.#statements.begin.run();
        return undefined;
      } catch (error) {
        if (!isLockHeldElsewhere(error) || performance.now() - start > LOCK_PATIENCE_MS) {
          return asUnavailable(error, 'The database did not begin a transaction.');
        }
        await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
      }
    }
  }

  async #commitGroup(line: Unit[]): Promise<void> {
    const kept: Unit[] = [];
    try {
      await this.#runUnits(line, kept);
      if (!this.#connection.inTransaction) throw new DatabaseUnavailable('The database rolled the transaction back.');
      this.#statements.commit.run();
    } catch (error) {
      this.#rollBack();
      const failure = asUnavailable(error, 'The database did not commit.');
      for (const unit of kept) unit.failed(failure);
      return;
    }
    for (const unit of kept) unit.committed();
  }

  /** Runs waiting units inside the open transaction and adds those that await the COMMIT to `kept`. */
  async #runUnits(line: Unit[], kept: Unit[]): Promise<void> {
    const start = performance.now();
    for (;;) {
      const unit = line.shift();
      if (unit === undefined) return;
      const failure = unit.needsSavepoint ? await this.#runSaved(unit) : this.#runStatement(unit);
      if (failure === undefined) kept.push(unit);
      else unit.failed(failure.error);
      const isFull = kept.length >= MAX_UNITS_PER_COMMIT || performance.now() - start > MAX_GATHERING_MS;
      if (isFull || !this.#connection.inTransaction) return;
    }
  }

  #runStatement(unit: Unit): Failure | undefined {
    try {
      void unit.run();
      return undefined;
    } catch (error) {
      return { error: asDatabaseError(error) };
    }
  }

  async #runSaved(unit: Unit): Promise<Failure | undefined> {
    try {
      this.#statements.save.run();
      await unit.run();
      this.#statements.release.run();
      return undefined;
    } catch (error) {
      // Some failures (a full disk) have already rolled back everything, the group with it.
      if (!this.#connection.inTransaction) return { error: asUnavailable(error, 'The transaction was rolled back.') };
      this.#statements.undo.run();
      this.#statements.release.run();
      return { error: asDatabaseError(error) };
    }
  }

  #rollBack(): void {
    if (this.#connection.inTransaction) this.#statements.rollback.run();
  }
}

/** The end of this turn of the event loop, after what has arrived in it was handled. */
const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function asUnavailable(error: unknown, message: string): DatabaseUnavailable {
  const mapped = asDatabaseError(error);
  return mapped instanceof DatabaseUnavailable ? mapped : new DatabaseUnavailable(message, { cause: error });
}
