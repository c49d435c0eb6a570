import type { Decision, DecisionSource, Problem } from './wire/types.js';

/** Every error of this SDK. `code` is stable; see docs/errors.md for those that the server gives. */
export class ExpactiError extends Error {
  override readonly name: string = 'ExpactiError';
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What is known of a command that will not run. */
export interface Refusal {
  commandId: string;
  source: DecisionSource;
  /** The reviewer's or the rule's own words; null where none were given. */
  reason: string | null;
  ruleId: string | null;
  reviewers: readonly { id: string; name: string }[];
}

/** The answer was no: by a person, a rule or a policy. Nothing ran. */
export class ExpactiDenied extends ExpactiError implements Refusal {
  override readonly name: string = 'ExpactiDenied';
  readonly commandId: string;
  readonly source: DecisionSource;
  readonly reason: string | null;
  readonly ruleId: string | null;
  readonly reviewers: readonly { id: string; name: string }[];

  constructor(message: string, refusal: Refusal, code = 'DENIED') {
    super(message, code);
    this.commandId = refusal.commandId;
    this.source = refusal.source;
    this.reason = refusal.reason;
    this.ruleId = refusal.ruleId;
    this.reviewers = refusal.reviewers;
  }
}

/** Nobody answered before the deadline. Nothing ran, and nobody said no. */
export class ExpactiTimeout extends ExpactiDenied {
  override readonly name = 'ExpactiTimeout';
}

/** The request was withdrawn before anybody decided. */
export class ExpactiCancelled extends ExpactiDenied {
  override readonly name = 'ExpactiCancelled';
}

/** The server cannot be reached, or says that it cannot answer now. Nothing was allowed. */
export class ExpactiUnavailable extends ExpactiError {
  override readonly name = 'ExpactiUnavailable';
  /** How long the server asks to wait, in seconds; undefined where it does not say. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, code: string, options?: ErrorOptions & { retryAfterSeconds?: number | undefined }) {
    super(message, code, options);
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

/** The token is missing, unknown, expired or revoked, or does not permit this. */
export class ExpactiUnauthorized extends ExpactiError {
  override readonly name = 'ExpactiUnauthorized';
}

/** The request itself is wrong; `fields` says where. */
export class ExpactiInvalid extends ExpactiError {
  override readonly name = 'ExpactiInvalid';
  readonly fields: readonly { path: string; message: string }[];

  constructor(message: string, code = 'INVALID', fields: readonly { path: string; message: string }[] = []) {
    super(message, code);
    this.fields = fields;
  }
}

/** There is no such thing, or it is not yours. */
export class ExpactiNotFound extends ExpactiError {
  override readonly name = 'ExpactiNotFound';
}

/** The state does not permit it (any more): closed already, changed meanwhile, key used for something else. */
export class ExpactiConflict extends ExpactiError {
  override readonly name = 'ExpactiConflict';
}

/** The proof of approval is missing, does not verify, or covers something else. Nothing ran. */
export class ExpactiReceiptError extends ExpactiError {
  override readonly name = 'ExpactiReceiptError';
}

/** The typed error for an error code of the server (see docs/errors.md), whichever way it arrived. */
export function errorOfProblem(
  problem: Pick<Problem, 'status' | 'detail' | 'title' | 'errors'> & { code: string },
  retryAfterSeconds?: number,
): ExpactiError {
  const message = problem.detail ?? problem.title;
  switch (problem.status) {
    case 401:
    case 403:
      return new ExpactiUnauthorized(message, problem.code);
    case 404:
      return new ExpactiNotFound(message, problem.code);
    case 409:
      return new ExpactiConflict(message, problem.code);
    case 429:
    case 500:
    case 503:
      return new ExpactiUnavailable(message, problem.code, { retryAfterSeconds });
    default:
      return problem.status >= 500
        ? new ExpactiUnavailable(message, problem.code, { retryAfterSeconds })
        : new ExpactiInvalid(message, problem.code, problem.errors ?? []);
  }
}

/** The typed error for a decision that denies. */
export function errorOfDenial(commandId: string, decision: Decision): ExpactiDenied {
  const reason = decision.reason || null;
  const refusal: Refusal = {
    commandId,
    source: decision.source,
    reason,
    ruleId: decision.rule_id ?? null,
    reviewers: decision.reviewers,
  };
  switch (decision.source) {
    case 'timeout':
      return new ExpactiTimeout('Nobody decided before the deadline.', refusal, 'TIMEOUT');
    case 'cancelled':
      return new ExpactiCancelled('The request was withdrawn.', refusal, 'CANCELLED');
    case 'rule':
      return new ExpactiDenied(withReason('Denied by a rule', reason), refusal);
    case 'reviewer':
      return new ExpactiDenied(withReason(`Denied by ${namesOf(decision)}`, reason), refusal);
    case 'policy':
      return new ExpactiDenied(withReason('Denied by policy', reason), refusal);
    case 'error':
      return new ExpactiDenied(withReason('Denied because the server failed', reason), refusal, 'DENIED_BY_ERROR');
  }
}

const withReason = (text: string, reason: string | null): string =>
  reason === null ? `${text}.` : `${text}: ${reason}`;

const namesOf = (decision: Decision): string =>
  decision.reviewers.map((reviewer) => reviewer.name).join(', ') || 'a reviewer';
