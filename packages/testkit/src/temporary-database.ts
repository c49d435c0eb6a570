import { join } from 'node:path';
import { type Database, type DatabaseOptions, openDatabase } from '@expacti/persistence';
import { temporaryFolder } from './temporary-folder.js';

/** A database of one test's own. */
export interface TemporaryDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes and opens the same file again, as a restart does; hands the new database back and in `database`. */
  reopen(): Promise<Database>;
  remove(): Promise<void>;
}

/** An SQLite file in a folder of its own, migrated. */
export async function temporaryDatabase(options: Omit<DatabaseOptions, 'url'>): Promise<TemporaryDatabase> {
  const folder = temporaryFolder('expacti-database');
  const url = `sqlite:${join(folder.path, 'test.db')}`;
  let database = await openDatabase({ ...options, url });
  return {
    url,
    get database() {
      return database;
    },
    reopen: async () => {
      await database.close();
      database = await openDatabase({ ...options, url });
      return database;
    },
    remove: async () => {
      await database.close();
      folder.remove();
    },
  };
}
