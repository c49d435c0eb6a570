import type { Answer, Asked, RequestCall, Standing } from './request-register.js';

/** One line for a person: who asked what, when, and what they were told. */
export function describeCall({ by, asked, invokedAt, answered }: RequestCall): string {
  const until = answered ? `${answered.at.toFixed(1)} ms` : 'no answer';
  const told = answered ? ` → ${describeAnswer(answered.answer)}` : '';
  return `${by}: ${describeAsked(asked)}${told} [${invokedAt.toFixed(1)} – ${until}]`;
}

function describeAsked(asked: Asked): string {
  switch (asked.kind) {
    case 'vote':
      return `${asked.verb} by ${asked.reviewer}`;
    case 'submit':
      return asked.routine ? 'submit (routine)' : 'submit';
    default:
      return asked.kind;
  }
}

function describeAnswer(answer: Answer): string {
  if (answer.kind === 'stands')
    return `${describeStanding(answer.standing)}${answer.withReceipt ? ', with the receipt' : ''}`;
  return answer.kind.replaceAll('_', ' ');
}

export function describeStanding(standing: Standing): string {
  if (!('source' in standing)) return standing.status;
  const { status, source, reviewer } = standing;
  return `${status} by ${source}${reviewer ? ` ${reviewer}` : ''}`;
}
