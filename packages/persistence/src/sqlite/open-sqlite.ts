import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database as SqliteConnection } from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseOptions } from '../open-database.js';
import { sendOutboxTo } from '../outbox/append-to-outbox.js';
import { silentLogger } from '../silent-logger.js';
import { SnakeCaseNames } from '../snake-case-names.js';
import { bindIntegers } from './bind-integers.js';
import { migrateSqlite } from './migrate-sqlite.js';
import { connectionOf, SqliteDatabase } from './sqlite-database.js';
import { asDatabaseError } from './sqlite-errors.js';

const STATEMENT_CACHE_SIZE = 1_000;
const READER_PATIENCE_MS = 1_000;

/**
 * Opens (or creates, readable by its owner only) an SQLite file: WAL, `synchronous=FULL`, foreign keys on, migrations
 * run. A file on which these cannot be had is refused.
 */
export async function openSqlite(
  file: string,
  options: DatabaseOptions,
  transactionLimitMs: number,
): Promise<SqliteDatabase> {
  const sources: DataSource[] = [];
  try {
    createPrivately(file);
    const writer = await openSource(sources, file, options, prepareWriter);
    const connection = connectionOf(writer);
    checkDurability(connection);
    await migrateSqlite(writer, connection);
    if (options.outboxTable !== undefined) sendOutboxTo(writer, options.outboxTable);
    const reader = await openSource(sources, file, options, prepareReader);
    return new SqliteDatabase({ writer, reader }, transactionLimitMs);
  } catch (error) {
    for (const source of sources) if (source.isInitialized) await source.destroy();
    throw asDatabaseError(error);
  }
}

function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

async function openSource(
  opened: DataSource[],
  file: string,
  options: DatabaseOptions,
  prepareDatabase: (connection: SqliteConnection) => void,
): Promise<DataSource> {
  const source = new DataSource({
    type: 'better-sqlite3',
    database: file,
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTableName: 'schema_migrations',
    namingStrategy: new SnakeCaseNames(),
    statementCacheSize: STATEMENT_CACHE_SIZE,
    prepareDatabase,
    logger: silentLogger,
  } as DataSourceOptions);
  opened.push(source);
  bindIntegers(source);
  return source.initialize();
}

function prepareWriter(connection: SqliteConnection): void {
  connection.pragma(`busy_timeout = ${READER_PATIENCE_MS}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('trusted_schema = OFF');
  // The queue waits for locks by itself, without blocking the event loop.
  connection.pragma('busy_timeout = 0');
}

function prepareReader(connection: SqliteConnection): void {
  connection.pragma(`busy_timeout = ${READER_PATIENCE_MS}`);
  connection.pragma('query_only = ON');
  connection.pragma('trusted_schema = OFF');
}

function checkDurability(connection: SqliteConnection): void {
  const journal = connection.pragma('journal_mode', { simple: true });
  const synchronous = connection.pragma('synchronous', { simple: true });
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Error(
      `This file system does not give SQLite what nothing-is-lost needs (journal_mode=${journal}, synchronous=${synchronous}). ` +
        'Put the data folder on a local disk.',
    );
  }
}
