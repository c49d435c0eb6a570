import { expect, it } from '@jest/globals';
import type { Command } from '../api/types.js';
import { outcomeWords } from './outcome-words.js';

type Decision = NonNullable<Command['decision']>;
const words = (decision: Partial<Decision> | null) =>
  outcomeWords({
    status: decision ? (decision.outcome ?? 'allowed') : 'pending',
    decision:
      decision && ({ outcome: 'allowed', source: 'rule', edited: false, reviewers: [], ...decision } as Decision),
  });

it('tells how a command was decided, and a timeout from a denial', () => {
  expect(words(null)).toEqual({ mark: 'pending', text: 'Waiting' });
  expect(words({})).toEqual({ mark: 'allowed', text: 'Allowed by a rule' });
  expect(words({ source: 'reviewer', edited: true, reviewers: [{ id: 'u', name: 'Ada' }] }).text).toBe(
    'Allowed by Ada, edited',
  );
  expect(words({ source: 'timeout', outcome: 'denied' })).toEqual({ mark: 'timed-out', text: 'Timed out' });
  expect(words({ source: 'timeout' }).text).toBe('Timed out: allowed by policy');
  expect(words({ source: 'cancelled', outcome: 'denied' }).mark).toBe('withdrawn');
});
