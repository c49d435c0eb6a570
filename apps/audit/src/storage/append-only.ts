import type { QueryRunner } from 'typeorm';

/**
 * Makes a table one that only grows: the engine itself refuses to change, remove or replace a row, whoever asks. An
 * owner of the database can drop the triggers; the hash chain shows what was done then.
 * @param key the columns of the primary key, which a replacing insert would hit
 */
export async function makeAppendOnly(runner: QueryRunner, table: string, key: readonly string[]): Promise<void> {
  const { type } = runner.connection.options;
  const statements = type === 'postgres' ? refusalsOnPostgres(table) : refusalsOnSqlite(table, key);
  for (const statement of statements) await runner.query(statement);
}

/** Drops such a table with all that refuses for it. */
export async function dropAppendOnly(runner: QueryRunner, table: string): Promise<void> {
  await runner.dropTable(table);
  if (runner.connection.options.type === 'postgres') await runner.query(`DROP FUNCTION "${table}_refuse"()`);
}

function refusalsOnSqlite(table: string, key: readonly string[]): string[] {
  const refuse = `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`;
  const sameKey = key.map((column) => `"${column}" = NEW."${column}"`).join(' AND ');
  return [
    `CREATE TRIGGER "${table}_refuse_update" BEFORE UPDATE ON "${table}" ${refuse}`,
    `CREATE TRIGGER "${table}_refuse_delete" BEFORE DELETE ON "${table}" ${refuse}`,
    // INSERT OR REPLACE removes the old row without firing triggers on DELETE.
    `CREATE TRIGGER "${table}_refuse_replace" BEFORE INSERT ON "${table}" ` +
      `WHEN EXISTS (SELECT 1 FROM "${table}" WHERE ${sameKey}) ${refuse}`,
  ];
}

/** Once for each statement, also one that would have found no row. An insert that replaces is an update here. */
function refusalsOnPostgres(table: string): string[] {
  const refusal = `BEGIN RAISE EXCEPTION '${table} is append-only'; END`;
  const refuse = `FOR EACH STATEMENT EXECUTE FUNCTION "${table}_refuse"()`;
  return [
    `CREATE FUNCTION "${table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$ ${refusal} $$`,
    `CREATE TRIGGER "${table}_refuse_update" BEFORE UPDATE ON "${table}" ${refuse}`,
    `CREATE TRIGGER "${table}_refuse_delete" BEFORE DELETE ON "${table}" ${refuse}`,
    `CREATE TRIGGER "${table}_refuse_truncate" BEFORE TRUNCATE ON "${table}" ${refuse}`,
  ];
}
