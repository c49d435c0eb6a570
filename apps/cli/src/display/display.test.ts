import { describe, expect, it } from '@jest/globals';
import { prose } from './prose.js';
import { requirementText } from './requirement-text.js';
import { table } from './table.js';
import { timeLeft, timeSince } from './time-left.js';

const now = Date.parse('2026-11-22T12:00:00.000Z');
const at = (seconds: number): string => new Date(now + seconds * 1_000).toISOString();

describe('time', () => {
  it.each([
    [58, '58 s'],
    [0.2, '1 s'],
    [-5, '0 s'],
    [245, '4 min 05 s'],
    [7_800, '2 h 10 min'],
  ])('%d s left reads %j', (seconds, text) => {
    expect(timeLeft(at(seconds), now)).toBe(text);
  });

  it.each([
    [-12, '12 s ago'],
    [-200, '3 min ago'],
    [-7_300, '2 h ago'],
    [-200_000, '2 d ago'],
    [5, '0 s ago'],
  ])('%d s reads %j', (seconds, text) => {
    expect(timeSince(at(seconds), now)).toBe(text);
  });
});

describe('requirementText', () => {
  const plain = {
    require_n_approvers: 1,
    policy: 'AnyOf' as const,
    roles: [] as string[],
    groups: [] as string[],
    missing: { approvers: 1, roles: [] as string[], groups: [] as string[] },
  };

  it('says who is asked, and what is still needed', () => {
    expect(requirementText(plain)).toBe('1 approval from any reviewer');
    expect(requirementText({ ...plain, roles: ['owner', 'admin'] })).toBe('1 approval from owner or admin');
    expect(
      requirementText({
        ...plain,
        require_n_approvers: 2,
        policy: 'AllOf',
        roles: ['owner', 'reviewer'],
        missing: { approvers: 1, roles: ['owner'], groups: [] },
      }),
    ).toBe('2 approvals from owner and reviewer; still needed: 1 from owner');
  });
});

describe('prose', () => {
  it('cannot drive the terminal', () => {
    expect(prose('No rule allows \u201crm\u201d.')).toBe('No rule allows "rm".');
    expect(prose('a\u001b[2Jb\u202ec')).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('table', () => {
  it('aligns what is seen, not what is written', () => {
    expect(
      table([
        ['\u001b[32mok\u001b[39m', 'a'],
        ['FAIL', 'b'],
      ]),
    ).toBe('\u001b[32mok\u001b[39m    a\nFAIL  b');
  });
});
