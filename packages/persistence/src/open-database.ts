import { resolve } from 'node:path';
import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { Database } from './database.js';
import { CreateOutbox1767225600000 } from './outbox/create-outbox.js';
import { OutboxRow } from './outbox/outbox-row.js';
import { openPostgres } from './postgres/open-postgres.js';
import { openSqlite } from './sqlite/open-sqlite.js';

/** What a composition root says about its database. */
export interface DatabaseOptions {
  /** `sqlite:/var/lib/expacti/expacti.db`, or `postgres://user:password@host:5432/expacti` (`?sslmode=…` for TLS). */
  readonly url: string;
  /** The entities of every service of this process. */
  readonly entities: readonly (EntityClass | EntitySchema)[];
  /** Their migrations; class names are unique and end in a 13-digit time (milliseconds). */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /**
   * The table that `appendToOutbox` writes to. Normally the outbox, which a relay empties into the bus; where the bus's
   * own log lies in this same database, that log, and an event is on the bus with the very commit that decided it.
   */
  readonly outboxTable?: string;
  /** How long one transaction may take before it is rolled back. Default 15 000 ms. */
  readonly transactionLimitMs?: number;
  /** Only PostgreSQL: the most connections that this process holds at once, 4 or more. Default 10. */
  readonly poolSize?: number;
  /** Only PostgreSQL: how long one statement may take. Default 15 000 ms; for appends never more than 5 000. */
  readonly statementTimeoutMs?: number;
}

const DEFAULT_TRANSACTION_LIMIT_MS = 15_000;

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for an entity class
export type EntityClass = Function;

/**
 * Opens the database, runs pending migrations under a lock, and adds the outbox table. Rejects as `DatabaseUnavailable` when
 * that cannot be done now. No error repeats the URL: it may hold a password.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const complete = {
    ...options,
    entities: [OutboxRow, ...options.entities],
    migrations: [CreateOutbox1767225600000, ...options.migrations],
  };
  const limitMs = options.transactionLimitMs ?? DEFAULT_TRANSACTION_LIMIT_MS;
  if (/^postgres(ql)?:/.test(options.url)) return openPostgres(postgresUrl(options.url), complete, limitMs);
  return openSqlite(sqliteFile(options.url), complete, limitMs);
}

function postgresUrl(url: string): string {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new Error('database_url is not a PostgreSQL URL: write postgres://user:password@host:5432/database');
}

/** `sqlite:/a/b.db`, `sqlite:///a/b.db` and `sqlite:b.db` name files. */
function sqliteFile(url: string): string {
  const match = /^sqlite:(?:\/\/(?=\/))?([^?#\0]+)$/.exec(url);
  if (match?.[1] === undefined) {
    throw new Error('database_url must be sqlite:/path/to/file.db or postgres://user:password@host:5432/database');
  }
  if (match[1].startsWith(':')) {
    throw new Error('database_url names an in-memory database, which would lose everything: name a file');
  }
  return resolve(match[1]);
}
