import type { Database as SqliteConnection, Statement } from 'better-sqlite3';
import { checkedName } from '../checked-name.js';
import type { ColumnValue, PreparedRow } from '../database.js';

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
    const names = columns.map(checkedName).join(', ');
    const places = columns.map(() => '?').join(', ');
    const statement = this.#connection.prepare<Bound[]>(
      `INSERT INTO ${checkedName(table)} (${names}) VALUES (${places})`,
    );
    this.#statements.set(key, statement);
    return statement;
  }
}

const bindable = (value: ColumnValue): Bound => (typeof value === 'boolean' ? Number(value) : value);
