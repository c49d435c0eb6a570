import type { Command } from '../api/types.js';

export interface OutcomeWords {
  mark: 'pending' | 'allowed' | 'denied' | 'timed-out' | 'withdrawn';
  text: string;
}

/** A command's outcome in a few words. A timeout reads as a timeout, never as a person's denial. */
export function outcomeWords({ status, decision }: Pick<Command, 'status' | 'decision'>): OutcomeWords {
  if (status === 'pending' || !decision)
    return {
      mark: status === 'pending' ? 'pending' : status,
      text: status === 'pending' ? 'Waiting' : capital(status),
    };
  const mark = decision.outcome;
  switch (decision.source) {
    case 'rule':
      return { mark, text: `${capital(mark)} by a rule` };
    case 'reviewer': {
      const names = decision.reviewers.map(({ name }) => name).join(' and ');
      return { mark, text: `${capital(mark)} by ${names || 'a reviewer'}${decision.edited ? ', edited' : ''}` };
    }
    case 'timeout':
      return mark === 'allowed'
        ? { mark, text: 'Timed out: allowed by policy' }
        : { mark: 'timed-out', text: 'Timed out' };
    case 'policy':
      return { mark, text: `${capital(mark)} by policy` };
    case 'cancelled':
      return { mark: 'withdrawn', text: 'Withdrawn' };
    case 'error':
      return { mark, text: `${capital(mark)}: an error` };
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
