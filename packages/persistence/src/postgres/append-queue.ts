import type { ClientBase, Pool } from 'pg';
import type { PreparedRow } from '../database.js';
import { DatabaseUnavailable } from '../database-errors.js';
import { type InsertStatement, insertStatements } from './insert-statements.js';
import { asDatabaseError } from './postgres-errors.js';
import { checkOut } from './run-transaction.js';

/** The rows of one call: kept as a whole or not at all. */
interface Unit {
  readonly rows: readonly PreparedRow[];
  readonly committed: () => void;
  readonly failed: (error: unknown) => void;
}

/** How many rows may share one commit. Bounds what the first of them waits. */
const MAX_ROWS_PER_COMMIT = 1_000;

/**
 * Inserts that somebody waits for, on connections of their own, so that slow transactions do not hold them up. What arrives
 * while a commit is under way shares the next one: for each table one statement, one round trip, one fsync.
 */
export class AppendQueue {
  readonly #pool: Pool;
  readonly #lines = new Map<string, TableLine>();
  #isClosed = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Resolves when the rows are durable. */
  add(table: string, rows: readonly PreparedRow[]): Promise<void> {
    if (this.#isClosed) return Promise.reject(new DatabaseUnavailable('The database is closed.'));
    const line = this.#lines.get(table) ?? new TableLine(this.#pool, table);
    this.#lines.set(table, line);
    return new Promise((committed, failed) => line.add({ rows, committed, failed }));
  }

  /** Refuses new rows and resolves when the waiting ones are answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#lines.values()].map((line) => line.ended()));
    await this.#pool.end();
  }
}

/** The inserts of one table, in the order of their calls. */
class TableLine {
  readonly #pool: Pool;
  readonly #table: string;
  readonly #waiting: Unit[] = [];
  #working: Promise<void> | undefined;

  constructor(pool: Pool, table: string) {
    this.#pool = pool;
    this.#table = table;
  }

  add(unit: Unit): void {
    this.#waiting.push(unit);
    // Waiting for the end of this turn of the event loop lets everything that arrived in it come along.
    this.#working ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.#work());
  }

  async ended(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#takeGroup());
    this.#working = undefined;
  }

  #takeGroup(): Unit[] {
    const group: Unit[] = [];
    let rows = 0;
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || (group.length > 0 && rows + next.rows.length > MAX_ROWS_PER_COMMIT)) return group;
      rows += next.rows.length;
      group.push(next);
      this.#waiting.shift();
    }
  }

  async #commit(group: readonly Unit[]): Promise<void> {
    try {
      await insert(
        this.#pool,
        insertStatements(
          this.#table,
          group.flatMap(({ rows }) => rows),
        ),
      );
      for (const unit of group) unit.committed();
    } catch (error) {
      const trouble = asDatabaseError(error);
      if (group.length === 1 || trouble instanceof DatabaseUnavailable) {
        for (const unit of group) unit.failed(trouble);
        return;
      }
      // Somebody's row is refused, and nothing was kept: halves find whose, and everybody else's rows are written.
      const middle = Math.ceil(group.length / 2);
      await this.#commit(group.slice(0, middle));
      await this.#commit(group.slice(middle));
    }
  }
}

/** All of the statements or none. A single one is a transaction by itself. */
async function insert(pool: Pool, statements: readonly InsertStatement[]): Promise<void> {
  const client = await checkOut(pool);
  let trouble: Error | undefined;
  const lose = (error: Error): void => {
    trouble = error;
  };
  client.on('error', lose);
  try {
    if (statements.length === 1) await client.query(statements[0] as InsertStatement);
    else await insertTogether(client, statements);
  } catch (error) {
    trouble ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(trouble !== undefined && asDatabaseError(trouble) instanceof DatabaseUnavailable);
    client.off('error', lose);
  }
}

async function insertTogether(client: ClientBase, statements: readonly InsertStatement[]): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const statement of statements) await client.query(statement);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
