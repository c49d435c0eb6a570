import { setTimeout as wait } from 'node:timers/promises';
import { type BackoffTimes, backoffDelay } from '../connection/backoff.js';
import { LinkLost } from '../connection/link-lost.js';
import { type RestApi, unwrap } from '../connection/rest-api.js';
import { ExpactiConflict, ExpactiUnavailable } from '../errors.js';
import type { ExecutionResult } from '../execution/execute.js';

const ATTEMPTS = 4;
const ANSWER_TIMEOUT_MS = 5_000;

type Ending = Pick<ExecutionResult, 'exitCode' | 'signal' | 'durationMs'> & { outputBytes: number | null };

/**
 * Tells the server how a command ended. Over REST, because that confirms it; the socket's frame has no answer.
 * @returns Whether the server has it. Failing to report changes nothing about what ran.
 */
export async function reportResult(
  api: RestApi,
  commandId: string,
  ending: Ending,
  backoff: BackoffTimes,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await unwrap(
        api.POST('/api/v1/commands/{id}/result', {
          params: { path: { id: commandId } },
          body: {
            exit_code: ending.exitCode,
            signal: ending.signal,
            duration_ms: ending.durationMs,
            output_bytes: ending.outputBytes,
          },
          signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        }),
      );
      return true;
    } catch (error) {
      // An earlier attempt arrived after all.
      if (error instanceof ExpactiConflict) return error.code === 'ALREADY_CLOSED';
      const passing = error instanceof LinkLost || error instanceof ExpactiUnavailable || error instanceof DOMException;
      if (!passing || attempt >= ATTEMPTS) return false;
      await wait(backoffDelay(attempt, backoff, Math.random()));
    }
  }
}
