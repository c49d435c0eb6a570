import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** Rows of one statement: far below every dialect's limit of bound values, and done within a few milliseconds. */
const ROWS_PER_STATEMENT = 250;

/**
 * Inserts whole rows, many to a statement. The same as `manager.insert`, several times cheaper for thousands of rows:
 * nothing is read back, and the text of the statement is the same each time. Others get their turn of the event loop
 * between two statements, although writers wait for the end of the transaction.
 */
export async function insertMany<Entity extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  rows: readonly Entity[],
): Promise<void> {
  const { driver } = manager.connection;
  const { columns, tableName } = manager.connection.getMetadata(entity);
  const names = columns.map((column) => driver.escape(column.databaseName)).join(', ');
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const piece = rows.slice(start, start + ROWS_PER_STATEMENT);
    const places = piece.map((_row, at) => {
      const ofRow = columns.map((_column, index) => driver.createParameter('', at * columns.length + index));
      return `(${ofRow.join(', ')})`;
    });
    const values = piece.flatMap((row) =>
      columns.map((column) => driver.preparePersistentValue(column.getEntityValue(row), column)),
    );
    if (start > 0) await new Promise(setImmediate);
    await manager.query(`INSERT INTO ${driver.escape(tableName)} (${names}) VALUES ${places.join(', ')}`, values);
  }
}
