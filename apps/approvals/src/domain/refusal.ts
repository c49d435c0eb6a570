import { type ErrorCode, ExpactiError } from '@expacti/contracts';

/** A transition that the state machine does not make, with the error that says so. Nothing changed. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly detail: string;
}

export const refuse = (code: ErrorCode, detail: string): Refusal => ({ kind: 'refused', code, detail });

export const errorOf = ({ code, detail }: Refusal): ExpactiError => new ExpactiError(code, detail);
