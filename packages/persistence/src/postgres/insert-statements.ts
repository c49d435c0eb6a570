import { checkedName } from '../checked-name.js';
import type { ColumnValue, PreparedRow } from '../database.js';

/** The protocol counts the values of a statement in 16 bits. */
const MAX_VALUES = 65_535;

export interface InsertStatement {
  readonly text: string;
  readonly values: ColumnValue[];
}

/** As few INSERTs as these rows need, in their order: one, where all have the same columns and fit into it. */
export function insertStatements(table: string, rows: readonly PreparedRow[]): InsertStatement[] {
  const statements: InsertStatement[] = [];
  for (let start = 0; start < rows.length; ) {
    const columns = Object.keys(rows[start] as PreparedRow);
    const most = start + Math.floor(MAX_VALUES / Math.max(columns.length, 1));
    let end = start + 1;
    while (end < rows.length && end < most && hasColumns(rows[end] as PreparedRow, columns)) end += 1;
    statements.push(insertStatement(table, columns, rows.slice(start, end)));
    start = end;
  }
  return statements;
}

function hasColumns(row: PreparedRow, columns: readonly string[]): boolean {
  return Object.keys(row).length === columns.length && columns.every((column) => Object.hasOwn(row, column));
}

function insertStatement(table: string, columns: readonly string[], rows: readonly PreparedRow[]): InsertStatement {
  const values: ColumnValue[] = [];
  const tuples: string[] = [];
  for (const row of rows) {
    const places: string[] = [];
    for (const column of columns) {
      values.push(row[column] as ColumnValue);
      places.push(`$${values.length}`);
    }
    tuples.push(`(${places.join()})`);
  }
  const names = columns.map(checkedName).join();
  return { text: `INSERT INTO ${checkedName(table)} (${names}) VALUES ${tuples.join()}`, values };
}
