import { analyze } from '@expacti/shell';
import { describe, expect, it } from '@jest/globals';
import { cannotRemember, exactLimit, type RememberChoice, rememberOf } from './remember-choice.js';
import { anApproval } from './testing/an-approval.js';

const choice: RememberChoice = {
  effect: 'allow',
  patternType: 'exact',
  pattern: 'ls',
  scope: { type: 'global' },
  ttlSeconds: null,
  sessionOnly: false,
};

describe('remembering', () => {
  it('is refused for what no rule may cover', () => {
    expect(cannotRemember(anApproval(), analyze('ls'))).toBeNull();
    expect(cannotRemember(anApproval(), analyze('if ('))).toMatch(/cannot be fully understood/);
    expect(cannotRemember(anApproval({ encrypted: true }), analyze('ls'))).not.toBeNull();
    expect(cannotRemember(anApproval({ kind: 'tool_call' }), analyze(''))).toBeNull();
  });

  it('of a line that can change follows the organisation', () => {
    const changing = analyze('rm $FILE');
    expect(
      (['never', 'session', 'yes'] as const).map((remember_dynamic) => exactLimit(changing, { remember_dynamic })),
    ).toEqual(['never', 'session', 'free']);
    expect(exactLimit(analyze('rm file'), { remember_dynamic: 'never' })).toBe('free');
  });

  it('sends a lifetime and the session only when they are chosen', () => {
    expect(rememberOf(choice)).toEqual({ pattern_type: 'exact', pattern: 'ls', scope: { type: 'global' } });
    expect(rememberOf({ ...choice, ttlSeconds: 3_600, sessionOnly: true })).toMatchObject({
      ttl_seconds: 3_600,
      session_only: true,
    });
  });
});
