import { type ClosedRequest, closeRequest } from './close-request.js';
import { type Refusal, refuse } from './refusal.js';
import type { Grant, HeldRequest, RunResult } from './request.js';

/** An allowed command that was not started within this time can no longer be: the world has moved on since the approval. */
export const START_WITHIN_MS = 3_600_000;

const RECEIPT_SECONDS = { least: 1, most: 3_600 };

/** What remains of an agent's own moves once its request exists: cancel, start, report. */
export type Moved = { readonly kind: 'moved'; readonly request: HeldRequest } | Refusal;

/** The agent changed its mind: a pending request is denied, an allowed one that was not started can never be. */
export function cancel(request: HeldRequest, now: number): Moved {
  const { state, execution } = request;
  switch (state.status) {
    case 'pending': {
      const reason = 'The agent cancelled the request.';
      const closed: ClosedRequest = closeRequest(
        request,
        { outcome: 'denied', closeReason: 'cancelled', reason, reviewers: [] },
        now,
      );
      return { kind: 'moved', request: closed };
    }
    case 'denied':
      return refuse('ALREADY_CLOSED', 'The request was denied before; there is nothing to cancel.');
    case 'allowed':
      if (execution.kind !== 'not_started')
        return refuse('ALREADY_CLOSED', 'The command was started or cancelled before.');
      return { kind: 'moved', request: { ...request, execution: { kind: 'withdrawn', at: now } } };
  }
}

/** Grants the one receipt of an allowed command. */
export function start(
  request: HeldRequest,
  { jti, now, receiptSeconds }: { jti: string; now: number; receiptSeconds: number },
): { readonly kind: 'granted'; readonly request: HeldRequest; readonly grant: Grant } | Refusal {
  const { state, execution } = request;
  if (state.status === 'pending') return refuse('NOT_ALLOWED_YET', 'The command still waits for a decision.');
  if (state.status === 'denied') return refuse('NOT_ALLOWED_YET', 'The command was denied.');
  switch (execution.kind) {
    case 'withdrawn':
      return refuse('NOT_ALLOWED_YET', 'The agent cancelled the command after it was allowed. Submit it anew.');
    case 'started':
      return refuse('ALREADY_STARTED', 'Its receipt was given out before and no result was reported. Submit it anew.');
    case 'finished':
      return refuse(
        'ALREADY_STARTED',
        `It ran before: ${describeResult(execution.result)}. Submit it anew to run it again.`,
      );
    case 'not_started':
      break;
  }
  if (now >= state.closedAt + START_WITHIN_MS) {
    const minutes = START_WITHIN_MS / 60_000;
    return refuse(
      'NOT_ALLOWED_YET',
      `It was allowed more than ${minutes} minutes ago and never started. Submit it anew.`,
    );
  }
  const seconds = Math.min(Math.max(receiptSeconds, RECEIPT_SECONDS.least), RECEIPT_SECONDS.most);
  const grant = { jti, issuedAt: now, expiresAt: now + seconds * 1_000 };
  return { kind: 'granted', request: { ...request, execution: { kind: 'started', grant } }, grant };
}

/** Keeps what the run came to. The first report stands; the very same one again is answered and changes nothing. */
export function recordResult(request: HeldRequest, result: RunResult): Moved {
  const { execution } = request;
  switch (execution.kind) {
    case 'not_started':
    case 'withdrawn':
      return refuse('NOT_ALLOWED_YET', 'The command was never started, so it has no result.');
    case 'started':
      return {
        kind: 'moved',
        request: { ...request, execution: { kind: 'finished', grant: execution.grant, result } },
      };
    case 'finished':
      return sameResult(execution.result, result)
        ? { kind: 'moved', request }
        : refuse('ALREADY_CLOSED', `Another result was reported before: ${describeResult(execution.result)}.`);
  }
}

const sameResult = (one: RunResult, other: RunResult): boolean =>
  one.exit_code === other.exit_code &&
  one.signal === other.signal &&
  one.duration_ms === other.duration_ms &&
  one.output_bytes === other.output_bytes;

const describeResult = ({ exit_code, signal, duration_ms }: RunResult): string =>
  `${exit_code === null ? `ended by ${signal}` : `exit code ${exit_code}`} after ${duration_ms} ms`;
