/**
 * The database cannot do this now: full disk, lock held elsewhere, file gone, connection lost. Nothing of the unit was
 * kept, except where the connection to a server broke while it was committing: nobody knows then, so whoever tries again
 * does what is harmless twice. The answer to a client is 503 with `Retry-After`, and never a decision.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code = 'UNAVAILABLE';
  readonly retryable = true;
}

/** A programmer's error: a unit of work waits for another unit that can only start when the first one ends. */
export class NestedTransactionError extends Error {
  override readonly name = 'NestedTransactionError';

  constructor(method: 'transaction' | 'append') {
    super(
      `Database.${method} was called inside a transaction of the same database and would wait for itself. ` +
        'Pass the EntityManager of the running transaction down instead.',
    );
  }
}

/** A unit of work did not finish in time; it was rolled back so that other writers may go on. */
export class TransactionTimeout extends Error {
  override readonly name = 'TransactionTimeout';

  constructor(limitMs: number) {
    super(
      `A transaction was still running after ${limitMs} ms and was rolled back. ` +
        'Do network calls and other slow work outside of the transaction.',
    );
  }
}

const uniqueViolationCodes = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505']);

/** Whether an insert or update failed because a row with the same unique columns exists, on any dialect. */
export function isUniqueViolation(error: unknown): boolean {
  const code = driverCode(error);
  return code !== undefined && uniqueViolationCodes.has(code);
}

/** The engine's own error code (`SQLITE_FULL`, `23505`, …), also where TypeORM has wrapped the error. */
export function driverCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { driverError, code } = error as { driverError?: unknown; code?: unknown };
  if (typeof driverError === 'object' && driverError !== null) return driverCode(driverError);
  return typeof code === 'string' ? code : undefined;
}
