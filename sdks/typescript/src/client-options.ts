import type { BackoffTimes } from './connection/backoff.js';
import type { EnvironmentOptions } from './execution/environment.js';
import type { TransportChoice } from './submission/settler.js';
import type { Jwks } from './wire/types.js';

export interface ExpactiClientOptions {
  /** The server. Default: `EXPACTI_URL`, else `http://127.0.0.1:3001`. */
  url?: string;
  /** The agent's shell token. Default: `EXPACTI_SHELL_TOKEN`. */
  token?: string;
  /** Describes this run to reviewers, or names a session to continue. */
  session?: { name?: string; target?: string; labels?: Record<string, string>; id?: string };
  /** Name and version of your program, shown with the session. */
  client?: { name: string; version: string };
  /** Default `auto`: the WebSocket, and REST while that cannot be had. */
  transport?: TransportChoice;
  /** Plain http to another machine: the token and the keys travel unencrypted. Default: `EXPACTI_ALLOW_INSECURE=1`. */
  allowInsecure?: boolean;
  /** Keys that alone may sign receipts. Default: those that the server publishes. */
  receiptKeys?: Jwks;
  /** How far this machine's clock and the server's may differ, in seconds. Default 5. */
  clockToleranceSeconds?: number;
  /** Give up on a server that does not answer after so many milliseconds. Default 60 000. */
  unavailableAfterMs?: number;
  /** Waits between attempts. Default: 250 ms, doubled up to 15 s, with jitter. */
  backoff?: BackoffTimes;
  /** What commands see of this process's environment. */
  environment?: EnvironmentOptions;
  /** Bytes of output that results keep. Default 8 MiB. */
  maxOutputBytes?: number;
  /** Between SIGTERM and SIGKILL when a run is aborted, in milliseconds. Default 2 000. */
  killGraceMs?: number;
}

export const DEFAULT_URL = 'http://127.0.0.1:3001';
export const DEFAULT_BACKOFF: BackoffTimes = { baseMs: 250, maxMs: 15_000 };
export const DEFAULT_MAX_OUTPUT_BYTES = 8 * 1_048_576;
