import type { Database } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';

export interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isSequence: boolean }[];
}

type Row = Record<string, unknown>;

const BATCH = 500;
/** PostgreSQL takes no more values in one statement. */
const MOST_VALUES = 60_000;

/** Every table of the installation in a PostgreSQL database, as its migrations have made them. */
export async function tablesOf(target: EntityManager): Promise<Table[]> {
  const rows = await target.query<
    { table_name: string; column_name: string; data_type: string; column_default: string | null; is_identity: string }[]
  >(
    `SELECT c.table_name, c.column_name, c.data_type, c.column_default, c.is_identity
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> 'schema_migrations'
     ORDER BY c.table_name, c.ordinal_position`,
  );
  return [...Map.groupBy(rows, ({ table_name: name }) => name)].map(([name, columns]) => ({
    name,
    columns: columns.map(({ column_name, data_type, column_default, is_identity }) => ({
      name: column_name,
      type: data_type,
      isSequence: is_identity === 'YES' || (column_default?.startsWith('nextval(') ?? false),
    })),
  }));
}

/** Copies all rows, a batch at a time, in the order in which they were written. Returns how many there were. */
export async function copyTable(source: Database, target: EntityManager, table: Table): Promise<number> {
  let copied = 0;
  let after = 0;
  for (;;) {
    const rows = await source.read((manager) =>
      manager.query<Row[]>(
        `SELECT rowid AS "copy_position", * FROM "${table.name}" WHERE rowid > ? ORDER BY rowid LIMIT ${BATCH}`,
        [after],
      ),
    );
    if (rows.length === 0) break;
    await insertRows(target, table, rows);
    copied += rows.length;
    after = Number(rows.at(-1)?.copy_position);
  }
  for (const { name, isSequence } of table.columns) if (isSequence) await moveSequence(target, table.name, name);
  return copied;
}

async function insertRows(target: EntityManager, table: Table, rows: readonly Row[]): Promise<void> {
  const perStatement = Math.max(1, Math.floor(MOST_VALUES / table.columns.length));
  const names = table.columns.map(({ name }) => `"${name}"`).join(', ');
  for (let from = 0; from < rows.length; from += perStatement) {
    const values: unknown[] = [];
    const places = rows.slice(from, from + perStatement).map((row) => {
      const ofRow = table.columns.map(({ name, type }) => {
        values.push(type === 'boolean' ? booleanOf(row[name]) : (row[name] ?? null));
        return `$${values.length}`;
      });
      return `(${ofRow.join(', ')})`;
    });
    await target.query(`INSERT INTO "${table.name}" (${names}) VALUES ${places.join(', ')}`, values);
  }
}

/** SQLite keeps yes and no as 1 and 0. */
const booleanOf = (value: unknown): boolean | null =>
  value === null || value === undefined ? null : Number(value) !== 0;

/** Numbers that were given are not given again. */
async function moveSequence(target: EntityManager, table: string, column: string): Promise<void> {
  await target.query(
    `SELECT setval(pg_get_serial_sequence($1, $2), COALESCE((SELECT max("${column}") FROM "${table}"), 0) + 1, false)`,
    [table, column],
  );
}
