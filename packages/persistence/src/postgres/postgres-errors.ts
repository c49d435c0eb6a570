import { DatabaseUnavailable, driverCode } from '../database-errors.js';

/**
 * SQLSTATE codes that mean "not now" or "not this server", and never "your statement is wrong": by class, then one by one.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const unavailable = /^(08|28|53|58)...$|^57P..$|^(25006|25P03|3D000|40001|40P01|55P03|57014|XX001|XX002)$/;

/** What the operating system says of a connection. */
const connectionTrouble = /^E(CONN|HOST|NET|PIPE|TIMEDOUT|NOTFOUND|AI_|ACCES|NOENT)/;

/** What the driver says of one, without a code. */
const driverTrouble =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout e(xceeded|xpired)|The server does not support SSL)/;

const advice: readonly (readonly [RegExp, string])[] = [
  [/^E|^08|^connection/, 'the server cannot be reached: check that it runs and that database_url names it'],
  [/^28/, 'it refuses the user or the password of database_url'],
  [/^3D000/, 'it has no database of the name in database_url'],
  [/^53100/, 'its disk is full: free some space'],
  [/^53300/, 'it has no connection left: raise its max_connections or use fewer connections per process'],
  [/^53/, 'it lacks memory or other resources'],
  [/^57P/, 'it is starting, stopping or recovering: wait until it is ready'],
  [/^57014/, 'a statement took too long'],
  [/^55P03/, 'a lock was held by somebody else for too long'],
  [/^40/, 'transactions stood in each other’s way: try again'],
  [/^25006/, 'it accepts no writes: it is a standby, or set to read only'],
  [/^25P03/, 'a transaction stood still for too long'],
  [/^58/, 'reading or writing its files failed: check its disk'],
  [/^XX/, 'its files are damaged: restore a backup'],
  [/^pool/, 'all connections of this process were busy for too long'],
];

/** Turns trouble with the server into `DatabaseUnavailable`; any other error is returned as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  const code = troubleCode(error);
  if (code === undefined) return error;
  const [, text] = advice.find(([pattern]) => pattern.test(code)) ?? [];
  return new DatabaseUnavailable(`The database is unavailable (${code}): ${text ?? 'see the cause'}.`, {
    cause: error,
  });
}

function troubleCode(error: unknown): string | undefined {
  const code = driverCode(error);
  if (code !== undefined) return unavailable.test(code) || connectionTrouble.test(code) ? code : undefined;
  const message = driverMessage(error);
  if (!driverTrouble.test(message)) return undefined;
  return message === 'timeout exceeded when trying to connect' ? 'pool exhausted' : 'connection lost';
}

/** The driver's own message, also where TypeORM has wrapped the error. */
function driverMessage(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { driverError } = error as { driverError?: unknown };
  return driverError instanceof Error ? driverError.message : error.message;
}

/** A server that keeps its connections open and does not answer. */
export function noAnswer(afterMs: number): Error {
  return Object.assign(new Error(`The server has not answered within ${afterMs} ms`), { code: 'ETIMEDOUT' });
}
