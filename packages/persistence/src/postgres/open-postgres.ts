import pg, { type PoolConfig } from 'pg';
import { DataSource } from 'typeorm';
import type { DatabaseOptions } from '../open-database.js';
import { sendOutboxTo } from '../outbox/append-to-outbox.js';
import { silentLogger } from '../silent-logger.js';
import { SnakeCaseNames } from '../snake-case-names.js';
import { PATIENCE_MS, poolConfig, poolOf } from './connections.js';
import { migratePostgres } from './migrate-postgres.js';
import { PostgresDatabase } from './postgres-database.js';
import { asDatabaseError } from './postgres-errors.js';

const DEFAULT_POOL_SIZE = 10;
/** One to read and one to write with beside those for appends. */
const SMALLEST_POOL_SIZE = 4;
const APPENDING = 2;
const DEFAULT_STATEMENT_TIMEOUT_MS = 15_000;

/** Connects to a server, runs what is pending of the migrations, and opens the pools. */
export async function openPostgres(
  url: string,
  options: DatabaseOptions,
  transactionLimitMs: number,
): Promise<PostgresDatabase> {
  const { poolSize = DEFAULT_POOL_SIZE, statementTimeoutMs = DEFAULT_STATEMENT_TIMEOUT_MS } = options;
  if (!(Number.isInteger(poolSize) && poolSize >= SMALLEST_POOL_SIZE))
    throw new Error(`poolSize must be a whole number from ${SMALLEST_POOL_SIZE} up`);
  const reading = Math.floor((poolSize - APPENDING) / 2);
  const pool = (size: number, session: { isReadOnly: boolean; statementTimeoutMs: number }): PoolConfig =>
    poolConfig(url, size, { ...session, lockTimeoutMs: PATIENCE_MS, idleInTransactionMs: transactionLimitMs });
  const sources: DataSource[] = [];
  const open = (config: PoolConfig) => openSource(sources, config, options);
  try {
    const writer = await open(pool(poolSize - APPENDING - reading, { isReadOnly: false, statementTimeoutMs }));
    await migratePostgres(writer, url);
    if (options.outboxTable !== undefined) sendOutboxTo(writer, options.outboxTable);
    const reader = await open(pool(reading, { isReadOnly: true, statementTimeoutMs }));
    // Inserts are never slow: one that is must not hold up those behind it.
    const brief = Math.min(statementTimeoutMs, PATIENCE_MS);
    const appender = new pg.Pool(pool(APPENDING, { isReadOnly: false, statementTimeoutMs: brief }));
    appender.on('error', ignoreIdleLoss);
    return new PostgresDatabase({ reader, writer, appender }, transactionLimitMs);
  } catch (error) {
    for (const source of sources) await (source.isInitialized ? source.destroy() : poolOf(source)?.end());
    throw asDatabaseError(error);
  }
}

async function openSource(opened: DataSource[], config: PoolConfig, options: DatabaseOptions): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTableName: 'schema_migrations',
    namingStrategy: new SnakeCaseNames(),
    installExtensions: false,
    poolErrorHandler: ignoreIdleLoss,
    logger: silentLogger,
    extra: config,
  });
  opened.push(source);
  return source.initialize();
}

/** The pool has already forgotten the connection that broke while nobody used it, and opens another when it needs one. */
const ignoreIdleLoss = (): void => undefined;
