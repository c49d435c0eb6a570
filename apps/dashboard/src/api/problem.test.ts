import { describe, expect, it } from '@jest/globals';
import { describeFailure, fieldProblem, formProblem, ProblemError, UnreachableError } from './problem.js';
import type { Problem } from './types.js';

const problem = (change: Partial<Problem> = {}) =>
  new ProblemError({
    type: 'urn:x',
    title: 'Some fields are not valid.',
    status: 422,
    code: 'INVALID',
    retryable: false,
    ...change,
  });

describe('a failure in words', () => {
  it('says what happened and what to do', () => {
    expect(describeFailure(new UnreachableError('x'))).toMatchObject({
      retryable: true,
      advice: expect.stringMatching(/Nothing was changed/),
    });
    expect(describeFailure(problem({ code: 'FORBIDDEN', status: 403 })).advice).toMatch(/owner/);
    expect(describeFailure(problem({ detail: 'pattern: too long' })).advice).toBe('pattern: too long');
    expect(describeFailure(new Error('odd'))).toMatchObject({ advice: 'odd' });
  });

  it('says how long to wait', () => {
    const limited = new ProblemError(
      { type: 'urn:x', title: 'Too many requests.', status: 429, code: 'RATE_LIMITED', retryable: true },
      3,
    );
    expect(describeFailure(limited).advice).toMatch(/in 3 s/);
  });
});

describe('problems of a form', () => {
  const error = problem({
    errors: [
      { path: 'name', message: 'must not be empty' },
      { path: 'timeout.seconds', message: 'too small' },
    ],
  });

  it('stand at their fields', () => {
    expect([fieldProblem(error, 'name'), fieldProblem(error, 'timeout'), fieldProblem(error, 'note')]).toEqual([
      'must not be empty',
      'too small',
      undefined,
    ]);
  });

  it('stand at the foot only when no field shows them', () => {
    expect([formProblem(error, ['name', 'timeout']), formProblem(error, ['name']), formProblem(null, [])]).toEqual([
      undefined,
      'timeout.seconds: too small',
      undefined,
    ]);
    expect(formProblem(new UnreachableError('x'), ['name'])).toMatch(/does not answer/);
  });
});
