import type { Database as SqliteConnection, Statement } from 'better-sqlite3';
import type { ColumnValue, PreparedRow } from '../database.js';

const IDENTIFIER = /^[a-z][a-z0-9_]*$/;

type Bound = string | number | bigint | Uint8Array | null;

/** One prepared INSERT per table and set of columns; names are checked, values are always bound. */
export class AppendStatements {
  readonly #connection: SqliteConnection;
  readonly #statements = new Map<string, Statement<Bound[]>>();

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  insert(table: string, row: PreparedRow): void {
    const columns = Object.keys(row);
    const values: Bound[] = [];
    for (const column of columns) values.push(bindable(row[column] as ColumnValue));
    this.#statement(table, columns).run(...values);
  }

  #statement(table: string, columns: string[]): Statement<Bound[]> {
    const key = `${table}(${columns.join()})`;
    const known = this.#statements.get(key);
    if (known !== undefined) return known;
    for (const name of [table, ...columns]) {
      if (!IDENTIFIER.test(name)) throw new Error(`'${name}' is not a table or column name`);
    }
    const names = columns.map((column) => `"${column}"`).join(', ');
    const places = columns.map(() => '?').join(', ');
    const statement = this.#connection.prepare<Bound[]>(`INSERT INTO "${table}" (${names}) VALUES (${places})`);
    this.#statements.set(key, statement);
    return statement;
  }
}

const bindable = (value: ColumnValue): Bound => (typeof value === 'boolean' ? Number(value) : value);
