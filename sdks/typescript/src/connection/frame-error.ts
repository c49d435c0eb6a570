import { type ExpactiError, ExpactiUnavailable, errorOfProblem } from '../errors.js';
import type { ErrorFrame } from '../wire/frames.js';

/** The HTTP status that stands behind the codes an agent can meet on its socket (see docs/errors.md). */
const STATUS_OF_CODE: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  ORIGIN_REFUSED: 403,
  NOT_FOUND: 404,
  ALREADY_CLOSED: 409,
  IDEMPOTENCY_CLASH: 409,
  ALREADY_STARTED: 409,
  NOT_ALLOWED_YET: 409,
  RATE_LIMITED: 429,
  TOO_MANY_PENDING: 429,
};

/** The typed error that an `error` frame stands for. */
export function errorOfFrame(frame: ErrorFrame): ExpactiError {
  if (frame.retryable) return new ExpactiUnavailable(frame.message, frame.code);
  const status = STATUS_OF_CODE[frame.code] ?? 422;
  return errorOfProblem({ status, code: frame.code, title: frame.message, detail: frame.message });
}
