import { afterAll, beforeAll, describe } from '@jest/globals';
import { type PostgresServer, startPostgres } from './start-postgres.js';
import { postgresDatabases, sqliteDatabases, type TestDatabases } from './test-databases.js';

/** Runs a suite on each engine that the product runs on. */
export function onEachDatabase(suite: (databases: TestDatabases) => void): void {
  describe('on SQLite', () => suite(sqliteDatabases));
  onPostgres(suite);
}

/** For what only an engine shows on which transactions run side by side. One server serves the suite. */
export function onPostgres(suite: (databases: TestDatabases) => void): void {
  describe('on PostgreSQL', () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    suite(postgresDatabases(() => server));
    // After those of the suite, which still need it.
    afterAll(() => server.stop());
  });
}
