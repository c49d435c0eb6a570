import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** The smallest limit of bound values that a dialect has (SQLite's). */
const MAX_BOUND_VALUES = 32_766;

/**
 * Inserts whole rows in as few statements as the dialect takes. The same as `manager.insert`, an order of magnitude
 * cheaper for thousands of rows: nothing is read back, and the statement's text is written once.
 */
export async function insertMany<Entity extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  rows: readonly Entity[],
): Promise<void> {
  const { driver } = manager.connection;
  const { columns, tableName } = manager.connection.getMetadata(entity);
  const perStatement = Math.floor(MAX_BOUND_VALUES / columns.length);
  const names = columns.map((column) => driver.escape(column.databaseName)).join(', ');
  for (let start = 0; start < rows.length; start += perStatement) {
    const piece = rows.slice(start, start + perStatement);
    const places = piece.map((_row, at) => {
      const ofRow = columns.map((_column, index) => driver.createParameter('', at * columns.length + index));
      return `(${ofRow.join(', ')})`;
    });
    const values = piece.flatMap((row) =>
      columns.map((column) => driver.preparePersistentValue(column.getEntityValue(row), column)),
    );
    await manager.query(`INSERT INTO ${driver.escape(tableName)} (${names}) VALUES ${places.join(', ')}`, values);
  }
}
