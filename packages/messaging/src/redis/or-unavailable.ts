import { ExpactiError } from '@expacti/contracts';
import { whyUnavailable } from '@expacti/redis';

/** Turns the server's absence into the catalogue's retryable error. After it, the work may have been done or not. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const detail = whyUnavailable(error);
    throw detail === undefined ? error : new ExpactiError('UNAVAILABLE', detail);
  }
}
