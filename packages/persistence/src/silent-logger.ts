import type { Logger } from 'typeorm';

/** Statements may carry secrets, and every failure is thrown: TypeORM itself logs nothing. */
export const silentLogger: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
