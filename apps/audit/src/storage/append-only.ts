import type { QueryRunner } from 'typeorm';

/**
 * Makes a table one that only grows: the engine itself refuses to change or remove a row, whoever asks. An owner of the
 * database can drop the triggers; the hash chain shows what was done then.
 */
export async function makeAppendOnly(runner: QueryRunner, table: string): Promise<void> {
  const { type } = runner.connection.options;
  if (type !== 'better-sqlite3') throw new Error(`${table} cannot be made append-only on ${type}`);
  for (const action of ['UPDATE', 'DELETE'])
    await runner.query(
      `CREATE TRIGGER "${table}_refuse_${action.toLowerCase()}" BEFORE ${action} ON "${table}" ` +
        `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
    );
}
