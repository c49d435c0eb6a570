import type { QueryRunner } from 'typeorm';

/**
 * Makes a table one that only grows: the engine itself refuses to change, remove or replace a row, whoever asks. An
 * owner of the database can drop the triggers; the hash chain shows what was done then.
 * @param key the columns of the primary key, which a replacing insert would hit
 */
export async function makeAppendOnly(runner: QueryRunner, table: string, key: readonly string[]): Promise<void> {
  const { type } = runner.connection.options;
  if (type !== 'better-sqlite3') throw new Error(`${table} cannot be made append-only on ${type}`);
  const refuse = `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`;
  const sameKey = key.map((column) => `"${column}" = NEW."${column}"`).join(' AND ');
  await runner.query(`CREATE TRIGGER "${table}_refuse_update" BEFORE UPDATE ON "${table}" ${refuse}`);
  await runner.query(`CREATE TRIGGER "${table}_refuse_delete" BEFORE DELETE ON "${table}" ${refuse}`);
  // INSERT OR REPLACE removes the old row without firing triggers on DELETE.
  await runner.query(
    `CREATE TRIGGER "${table}_refuse_replace" BEFORE INSERT ON "${table}" ` +
      `WHEN EXISTS (SELECT 1 FROM "${table}" WHERE ${sameKey}) ${refuse}`,
  );
}
