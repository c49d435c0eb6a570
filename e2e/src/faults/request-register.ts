import type { DecisionSource, VoteVerb } from '@expacti/contracts';
import type { Call, SequentialSpecification } from './linearizability.js';

/**
 * One request as a register: what an agent and its reviewers may be told about it, whoever of them asks whichever
 * process. It is closed once, by one of them; its receipt is given once, and only when it is allowed. It knows requests
 * that one approval allows.
 */

/** How a request stands, as everybody has to see it. */
export type Standing =
  | { readonly status: 'absent' }
  | { readonly status: 'pending' }
  | {
      readonly status: 'allowed' | 'denied';
      readonly source: DecisionSource;
      /** The person whose vote it was; null where it was no person's. */
      readonly reviewer: string | null;
    };

export interface RequestState {
  readonly standing: Standing;
  /** `given_up`: the agent cancelled after it was allowed. */
  readonly receipt: 'none' | 'given' | 'given_up';
}

export type Asked =
  /** The same submission again is the same request. `routine`: a rule may allow it at once. */
  | { readonly kind: 'submit'; readonly routine: boolean }
  | { readonly kind: 'vote'; readonly verb: VoteVerb; readonly reviewer: string }
  | { readonly kind: 'cancel' }
  /** Asks for the receipt; a gateway does it by itself on the socket that submitted. */
  | { readonly kind: 'start' }
  | { readonly kind: 'read' }
  /** The deadline passes. Nobody asks for it and nobody is answered. */
  | { readonly kind: 'lapse' };

export type Answer =
  /** To a submission or a read. */
  | { readonly kind: 'stands'; readonly standing: Standing; readonly withReceipt?: boolean }
  /** The vote counts, the request is cancelled. */
  | { readonly kind: 'done' }
  | { readonly kind: 'already_closed' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'receipt' }
  | { readonly kind: 'already_started' }
  | { readonly kind: 'not_allowed' };

export type RequestCall = Call<Asked, Answer>;

/** What happens when a call reaches the register: the state after it, and what it is told. */
export interface Turn {
  readonly next: RequestState;
  readonly answer: Answer;
}

export const REQUEST_REGISTER: SequentialSpecification<RequestState, Asked, Answer> = {
  initial: { standing: { status: 'absent' }, receipt: 'none' },
  after: (state, asked, answer) =>
    turns(state, asked)
      .filter((turn) => answer === null || isSameAnswer(turn.answer, answer))
      .map(({ next }) => next),
};

/** Everything that may happen when this is asked now. */
export function turns(state: RequestState, asked: Asked): Turn[] {
  switch (asked.kind) {
    case 'submit':
      return submit(state, asked.routine);
    case 'vote':
      return [vote(state, asked.verb, asked.reviewer)];
    case 'cancel':
      return [cancel(state)];
    case 'start':
      return [start(state)];
    case 'read':
      return [stay(state, state.standing.status === 'absent' ? NOT_FOUND : stands(state.standing))];
    case 'lapse':
      return [state.standing.status === 'pending' ? close(state, 'denied', 'timeout', null) : stay(state, DONE)];
  }
}

const DONE: Answer = { kind: 'done' };
const NOT_FOUND: Answer = { kind: 'not_found' };

const stands = (standing: Standing, withReceipt = false): Answer => ({ kind: 'stands', standing, withReceipt });

const stay = (next: RequestState, answer: Answer): Turn => ({ next, answer });

const close = (
  state: RequestState,
  status: 'allowed' | 'denied',
  source: DecisionSource,
  reviewer: string | null,
): Turn => ({ next: { ...state, standing: { status, source, reviewer } }, answer: DONE });

function submit(state: RequestState, routine: boolean): Turn[] {
  if (state.standing.status !== 'absent') return [stay(state, stands(state.standing))];
  const pending: Standing = { status: 'pending' };
  const held = { next: { ...state, standing: pending }, answer: stands(pending) };
  if (!routine) return [held];
  // Also what a rule allows is held where a gateway cannot tell whether the rule still stands.
  const allowed: Standing = { status: 'allowed', source: 'rule', reviewer: null };
  return [held, { next: { standing: allowed, receipt: 'given' }, answer: stands(allowed, true) }];
}

function vote(state: RequestState, verb: VoteVerb, reviewer: string): Turn {
  switch (state.standing.status) {
    case 'absent':
      return stay(state, NOT_FOUND);
    case 'pending':
      return close(state, verb === 'approve' ? 'allowed' : 'denied', 'reviewer', reviewer);
    default:
      return stay(state, { kind: 'already_closed' });
  }
}

function cancel(state: RequestState): Turn {
  switch (state.standing.status) {
    case 'absent':
      return stay(state, NOT_FOUND);
    case 'pending':
      return close(state, 'denied', 'cancelled', null);
    case 'denied':
      return stay(state, { kind: 'already_closed' });
    case 'allowed':
      return state.receipt === 'none'
        ? { next: { ...state, receipt: 'given_up' }, answer: DONE }
        : stay(state, { kind: 'already_closed' });
  }
}

function start(state: RequestState): Turn {
  if (state.standing.status === 'absent') return stay(state, NOT_FOUND);
  if (state.standing.status !== 'allowed') return stay(state, { kind: 'not_allowed' });
  switch (state.receipt) {
    case 'none':
      return { next: { ...state, receipt: 'given' }, answer: { kind: 'receipt' } };
    case 'given':
      return stay(state, { kind: 'already_started' });
    case 'given_up':
      return stay(state, { kind: 'not_allowed' });
  }
}

export function isSameAnswer(one: Answer, other: Answer): boolean {
  if (one.kind !== 'stands' || other.kind !== 'stands') return one.kind === other.kind;
  return isSameStanding(one.standing, other.standing) && (one.withReceipt ?? false) === (other.withReceipt ?? false);
}

export function isSameStanding(one: Standing, other: Standing): boolean {
  if (one.status !== other.status) return false;
  if (!('source' in one) || !('source' in other)) return true;
  return one.source === other.source && one.reviewer === other.reviewer;
}
