import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.js';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/**
 * Does what a process begins with, again and again while a store is merely not there yet: processes and stores are started
 * in any order. Anything else that is wrong (a password, a refused setting) is told at once.
 */
export async function patiently<T>(logger: Logger, what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const waited = performance.now() - began;
      if (!isForNow(error) || waited > PATIENCE_MS) throw error;
      if (attempt === 1) logger.warn({ err: error }, `${what} does not answer yet`);
      await sleep(PAUSE_MS);
    }
  }
}

/** Errors of the stores say of themselves whether to try again; the Redis client's own do so by their words. */
function isForNow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    (error as { retryable?: boolean }).retryable === true ||
    /timed out|Connection is closed|ECONNREFUSED|ECONNRESET|LOADING/.test(error.message)
  );
}
