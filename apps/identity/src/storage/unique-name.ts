import { ExpactiError } from '@expacti/contracts';
import { isUniqueViolation } from '@expacti/persistence';

/** Turns the database's complaint about a name that is taken into ALREADY_EXISTS with `detail`. */
export async function refuseTaken<T>(detail: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isUniqueViolation(error)) throw new ExpactiError('ALREADY_EXISTS', detail);
    throw error;
  }
}
