import pg, { type ClientBase } from 'pg';
import { type DataSource, MigrationExecutor, type QueryRunner, type Table } from 'typeorm';
import { serialize } from '../serialize.js';
import { clientConfig, prepareSession, promptly } from './connections.js';
import { openUnitRunner } from './unit-runner.js';

/** Another process may be migrating; a big table takes a while. */
const LOCK_PATIENCE_MS = 60_000;
const LONGEST_STATEMENT_MS = 10 * 60_000;

const SESSION = {
  isReadOnly: false,
  statementTimeoutMs: LONGEST_STATEMENT_MS,
  lockTimeoutMs: LOCK_PATIENCE_MS,
  idleInTransactionMs: LOCK_PATIENCE_MS,
};

/**
 * Runs what is pending in one transaction under a lock: of several processes that start at once one migrates, the others
 * wait and find nothing left to do. Each process brings the migrations of its own services; those of others are left
 * alone. A failing migration leaves the database as it was.
 */
export async function migratePostgres(source: DataSource, url: string): Promise<void> {
  const client = new pg.Client(clientConfig(url));
  // Without a listener a lost connection would end the process; the next statement tells of it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await prepareSession(client, SESSION);
    await promptly(client.query('BEGIN'));
    await runPending(source, client);
    await client.query('COMMIT');
  } finally {
    // What is not committed is rolled back with the end of the connection.
    await client.end();
  }
}

async function runPending(source: DataSource, client: ClientBase): Promise<void> {
  const unit = openUnitRunner(client, source);
  try {
    await serialize(unit.manager, 'schema_migrations');
    const executor = new MigrationExecutor(source, withWideSequences(unit.runner));
    executor.transaction = 'none';
    await executor.executePendingMigrations();
  } finally {
    unit.close();
  }
}

/** A generated integer has 64 bits in SQLite; PostgreSQL's would be used up after 2^31 rows, deleted ones counted. */
function withWideSequences(runner: QueryRunner): QueryRunner {
  const createTable = runner.createTable.bind(runner);
  runner.createTable = (table, ...rest) => createTable(widened(table), ...rest);
  return runner;
}

function widened(table: Table): Table {
  const copy = table.clone();
  for (const column of copy.columns)
    if (column.isGenerated && column.generationStrategy === 'increment') column.type = 'bigint';
  return copy;
}
