import { ERROR_CATALOGUE, type ErrorCode, ExpactiError, type FieldProblem } from '@expacti/contracts';

/** An error as it crosses between services: nothing but what the catalogue allows to be shown. */
export interface ErrorOnWire {
  readonly code: string;
  readonly detail?: string | undefined;
  readonly fields?: FieldProblem[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** What an asker gets when the answer is an error: the catalogue's error, and which question failed. */
export class RpcError extends ExpactiError {
  readonly pattern: string;

  constructor(pattern: string, { code, detail, fields, retryAfterSeconds }: ErrorOnWire) {
    super(isKnown(code) ? code : 'INTERNAL', detail, {
      ...(fields === undefined ? {} : { fields }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
    this.pattern = pattern;
  }
}

/** An error's public part. A stranger's error says nothing about itself: its text may hold secrets. */
export function errorOnWire(error: unknown): ErrorOnWire {
  if (error instanceof ExpactiError) {
    const { code, detail, fields, retryAfterSeconds } = error;
    return { code, detail, fields, retryAfterSeconds };
  }
  return isUnavailable(error) ? { code: 'UNAVAILABLE' } : { code: 'INTERNAL' };
}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CATALOGUE, code);

/** What the stores under a service throw while they cannot answer: database, jobs, blobs. Each says so of itself. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === 'UNAVAILABLE' && 'retryable' in error;
