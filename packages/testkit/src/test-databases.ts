import { type Database, type DatabaseOptions, openDatabase } from '@expacti/persistence';
import type { PostgresServer } from './start-postgres.js';
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.js';

type OpenOptions = Omit<DatabaseOptions, 'url'>;

/** Where a suite gets its databases from: of one engine, each empty and migrated. */
export interface TestDatabases {
  readonly dialect: Database['dialect'];
  open(options: OpenOptions): Promise<TemporaryDatabase>;
}

export const sqliteDatabases: TestDatabases = { dialect: 'sqlite', open: (options) => temporaryDatabase(options) };

/** A database that was removed is emptied and serves again: a fraction of the time of making and migrating another one. */
export function postgresDatabases(server: () => PostgresServer): TestDatabases {
  const emptied: string[] = [];
  return {
    dialect: 'postgres',
    open: async (options) => {
      const url = emptied.pop() ?? (await server().createDatabase());
      return reopenable(url, options, async (database) => {
        await database.transaction((manager) => manager.query(EMPTY));
        await database.close();
        emptied.push(url);
      });
    },
  };
}

/** One database that is there already, as another process opens it. Removing it leaves it as it is. */
export const databaseAt = (url: string): TestDatabases => ({
  dialect: url.startsWith('sqlite:') ? 'sqlite' : 'postgres',
  open: (options) => reopenable(url, options, (database) => database.close()),
});

async function reopenable(
  url: string,
  options: OpenOptions,
  remove: (database: Database) => Promise<void>,
): Promise<TemporaryDatabase> {
  const open = () => openDatabase({ ...options, url });
  let database = await open();
  return {
    url,
    get database() {
      return database;
    },
    reopen: async () => {
      await database.close();
      database = await open();
      return database;
    },
    remove: () => remove(database),
  };
}

/** Deletes also what a trigger protects, and counts from one again. */
const EMPTY = `DO $$
DECLARE
  name text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations' LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE sequencename NOT LIKE 'schema_migrations%' LOOP
    PERFORM setval(name::regclass, 1, false);
  END LOOP;
END $$`;
