import { resolve } from 'node:path';
import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { Database } from './database.js';
import { CreateOutbox1767225600000 } from './outbox/create-outbox.js';
import { OutboxRow } from './outbox/outbox-row.js';
import { openSqlite } from './sqlite/open-sqlite.js';

/** What a composition root says about its database. */
export interface DatabaseOptions {
  /** `sqlite:/var/lib/expacti/expacti.db` */
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
}

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for an entity class
export type EntityClass = Function;

/** Opens the database, runs pending migrations under a lock, and adds the outbox table. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const file = sqliteFile(options.url);
  return openSqlite(file, {
    ...options,
    entities: [OutboxRow, ...options.entities],
    migrations: [CreateOutbox1767225600000, ...options.migrations],
  });
}

/** `sqlite:/a/b.db`, `sqlite:///a/b.db` and `sqlite:b.db` name files. Never repeats the URL: it may hold a password. */
function sqliteFile(url: string): string {
  const match = /^sqlite:(?:\/\/(?=\/))?([^?#\0]+)$/.exec(url);
  if (match?.[1] === undefined) {
    throw new Error('database_url must be sqlite:/path/to/file.db: only SQLite files are supported in this build');
  }
  if (match[1].startsWith(':')) {
    throw new Error('database_url names an in-memory database, which would lose everything: name a file');
  }
  return resolve(match[1]);
}
