import { setTimeout as wait } from 'node:timers/promises';
import type { AgentSocket } from '../connection/agent-socket.js';
import { type BackoffTimes, backoffDelay } from '../connection/backoff.js';
import { LinkLost } from '../connection/link-lost.js';
import type { RestApi } from '../connection/rest-api.js';
import { ExpactiUnavailable } from '../errors.js';
import type { Job, Settled } from './job.js';
import { settleByRest } from './settle-by-rest.js';
import { settleBySocket } from './settle-by-socket.js';

/** `auto`: the WebSocket, and REST while that cannot be had. */
export type TransportChoice = 'auto' | 'websocket' | 'rest';

export interface SettlerOptions {
  transport: TransportChoice;
  backoff: BackoffTimes;
  /** Give up when nothing was heard from the server for this long, in milliseconds. */
  unavailableAfterMs: number;
  /** Milliseconds, never going back. */
  now: () => number;
  random: () => number;
}

/** After a WebSocket could not be opened, REST comes first for this long. */
const SOCKET_REST_MS = 30_000;

/** Brings jobs to their decision through lost connections, restarts of the server, and refusals that pass. */
export class Settler {
  private readonly socket: AgentSocket;
  private readonly api: RestApi;
  private readonly options: SettlerOptions;
  private socketFailedAt = Number.NEGATIVE_INFINITY;

  constructor(socket: AgentSocket, api: RestApi, options: SettlerOptions) {
    this.socket = socket;
    this.api = api;
    this.options = options;
  }

  /**
   * @throws ExpactiUnavailable after `unavailableAfterMs` without an answer; other typed errors when the server refuses; the
   * signal's reason.
   */
  async settle(job: Job): Promise<Settled> {
    let failures = 0;
    let failingSince: number | undefined;
    for (;;) {
      const known = job.commandId;
      try {
        return await this.attempt(job);
      } catch (error) {
        job.signal?.throwIfAborted();
        if (!isPassing(error)) throw error;
        const now = this.options.now();
        // Getting as far as a command id is progress: the clock starts anew.
        if (job.commandId !== known) failingSince = undefined;
        failingSince ??= now;
        failures += 1;
        if (now - failingSince >= this.options.unavailableAfterMs) throw unavailable(error);
        await this.pause(failures, error, job.signal);
      }
    }
  }

  private async attempt(job: Job): Promise<Settled> {
    const { transport, now } = this.options;
    const socketFirst =
      transport !== 'rest' && (transport === 'websocket' || now() - this.socketFailedAt >= SOCKET_REST_MS);
    if (!socketFirst) return settleByRest(this.api, job, this.socket.session);
    try {
      await this.socket.connect();
    } catch (error) {
      if (transport === 'websocket' || !(error instanceof LinkLost)) throw error;
      this.socketFailedAt = now();
      return settleByRest(this.api, job, this.socket.session);
    }
    return settleBySocket(this.socket, job);
  }

  private async pause(failures: number, error: unknown, signal: AbortSignal | undefined): Promise<void> {
    const own = backoffDelay(failures, this.options.backoff, this.options.random());
    const asked = error instanceof ExpactiUnavailable ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
    try {
      await wait(Math.max(own, Math.min(asked, 60_000)), undefined, { signal });
    } catch {
      signal?.throwIfAborted();
    }
  }
}

/** Whether trying again can help: the link broke, an answer did not come in time, or the server says so. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof LinkLost ||
    error instanceof ExpactiUnavailable ||
    (error instanceof DOMException && error.name === 'TimeoutError')
  );
}

function unavailable(error: unknown): ExpactiUnavailable {
  if (error instanceof ExpactiUnavailable) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ExpactiUnavailable(`The server cannot be reached: ${detail}`, 'UNREACHABLE', { cause: error });
}
