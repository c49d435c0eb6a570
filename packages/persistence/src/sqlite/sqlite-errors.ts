import { DatabaseUnavailable, driverCode } from '../database-errors.js';

/** SQLite result codes that mean "not now" or "not this file", and never "your statement is wrong". */
const unavailable =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL|PERM|AUTH|NOLFS|INTERRUPT)(_|$)/;

const advice: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full: free some space',
  SQLITE_BUSY: 'another process holds its lock: stop that process',
  SQLITE_LOCKED: 'another process holds its lock: stop that process',
  SQLITE_IOERR: 'reading or writing its file failed: check the disk',
  SQLITE_CANTOPEN: 'its file cannot be opened: check that the folder exists and may be written',
  SQLITE_READONLY: 'its file or folder cannot be written: check the permissions',
  SQLITE_CORRUPT: 'its file is damaged: restore a backup',
  SQLITE_NOTADB: 'its file is not an SQLite database',
};

/** Turns an engine failure into `DatabaseUnavailable`; any other error is returned as it is. */
export function asDatabaseError(error: unknown): unknown {
  const code = driverCode(error);
  if (code === undefined || !unavailable.test(code)) return error;
  const base = code.split('_').slice(0, 2).join('_');
  return new DatabaseUnavailable(`The database is unavailable (${code}): ${advice[base] ?? 'see the cause'}.`, {
    cause: error,
  });
}

/** Whether the lock is merely held by somebody else for now. */
export function isLockHeldElsewhere(error: unknown): boolean {
  return driverCode(error)?.startsWith('SQLITE_BUSY') === true;
}
