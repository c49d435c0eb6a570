import type { CliContext } from '../context.js';

/** `warn`: works, but look at it. `skip`: could not be examined, and why. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip';

export interface CheckResult {
  name: string;
  status: CheckStatus;
  /** What was found, and what to do where something is wrong. */
  detail: string;
}

/** One examination. It does not throw for what it examines. */
export type Check = (context: CliContext) => Promise<CheckResult>;
