import type { Logger } from './logger.js';

/** What an adapter tells an operator: of what kind, some facts, and the error behind it. */
interface Trouble {
  readonly kind: string;
  readonly error?: unknown;
}

/** Writes what adapters report to the log; the error as errors are written there, with its stack. */
export const reportTrouble =
  (logger: Logger, part: string) =>
  ({ error, ...facts }: Trouble): void =>
    logger.error({ ...facts, ...(error === undefined ? {} : { err: error }) }, part);
