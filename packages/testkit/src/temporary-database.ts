import { join } from 'node:path';
import { type Database, type DatabaseOptions, openDatabase } from '@expacti/persistence';
import type { PostgresServer } from './start-postgres.js';
import { temporaryFolder } from './temporary-folder.js';

/** A database of one test's own. */
export interface TemporaryDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes and opens the same database again, as a restart does; hands the new one back and in `database`. */
  reopen(): Promise<Database>;
  remove(): Promise<void>;
}

export interface TemporaryDatabaseOptions extends Omit<DatabaseOptions, 'url'> {
  /** Makes the database on this server. Default: an SQLite file. */
  readonly postgres?: PostgresServer | undefined;
}

/** An SQLite file in a folder of its own, or a database of a PostgreSQL server; migrated. */
export async function temporaryDatabase(options: TemporaryDatabaseOptions): Promise<TemporaryDatabase> {
  const { postgres, ...rest } = options;
  const place = postgres === undefined ? sqliteFile() : await postgresDatabase(postgres);
  const open = () => openDatabase({ ...rest, url: place.url });
  let database = await open();
  return {
    url: place.url,
    get database() {
      return database;
    },
    reopen: async () => {
      await database.close();
      database = await open();
      return database;
    },
    remove: async () => {
      await database.close();
      await place.remove();
    },
  };
}

interface Place {
  readonly url: string;
  remove(): Promise<void>;
}

function sqliteFile(): Place {
  const folder = temporaryFolder('expacti-database');
  return { url: `sqlite:${join(folder.path, 'test.db')}`, remove: async () => folder.remove() };
}

async function postgresDatabase(server: PostgresServer): Promise<Place> {
  const url = await server.createDatabase();
  return { url, remove: () => server.dropDatabase(url) };
}
