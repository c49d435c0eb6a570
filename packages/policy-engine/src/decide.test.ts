import { describe, expect, it } from '@jest/globals';
import { allowGlobs, decideLine, rule } from './rule-fixtures.contract-test.js';

describe('an allow glob', () => {
  const rules = allowGlobs('dlogs-x *');

  it.each(['dlogs-x web1', "dlogs-x 'web 1'", 'dlogs-x "web 1"', 'dlogs-x  web1'])(
    'covers one literal word: %s',
    (line) => {
      expect(decideLine(rules, line)).toMatchObject({ verdict: 'allow', rule_ids: ['rule_allow dlogs-x *'] });
    },
  );

  it.each([
    'dlogs-x x; id',
    'dlogs-x x & id',
    'dlogs-x x && id',
    'dlogs-x x | sh',
    'dlogs-x x\nid',
    'dlogs-x $(id)',
    'dlogs-x "$(id)"',
    'dlogs-x `id`',
    'dlogs-x <(id)',
    'dlogs-x x > /etc/passwd',
    'dlogs-x x >| f',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell syntax
    'dlogs-x ${x:-$(id)}',
    'dlogs-x $HOME',
    'dlogs-x x <<E\n$(id)\nE',
    'dlogs-x $\\\n(id)',
    'dlogs-x a b',
    'dlogs-x ',
    'dlogs-x',
    "dlogs-x $'a\\x00b'",
    'X=1 dlogs-x x',
    'sudo dlogs-x x',
    '! dlogs-x x; id',
    'time dlogs-x x; id',
    'dlogs-x x #\nid',
    'dlogs-x -x',
    'dlogs-x +x',
    'dlogs-x @x',
    'dlogs-x key=x',
    'dlogs-x *.log',
    'dlogs-x ~',
    'dlogs-x {a,b}',
  ])('covers nothing else: %j', (line) => {
    const decision = decideLine(rules, line);
    expect(decision.verdict).toBe('review');
    expect(decision.reasons.length).toBeGreaterThan(0);
  });

  it('does not apply elsewhere: expired, other target, agent, shell, session or folder', () => {
    const pattern = 'dlogs-x *';
    for (const fields of [
      { expires_at: 5 },
      { scope: { type: 'target', id: 'db' } as const },
      { scope: { type: 'group', id: 'db' } as const },
      { agent_id: 'other' },
      { session_id: 'other' },
      { shell: 'sh' as const },
      { cwd: '/tmp' },
      { shadow: true },
    ])
      expect(decideLine([rule({ pattern, ...fields })], 'dlogs-x web1').verdict).toBe('review');
  });
});

describe('an exact rule', () => {
  const rules = [rule({ pattern_type: 'exact', pattern: 'echo hello' })];

  it('covers that very text and nothing else', () => {
    expect(decideLine(rules, 'echo hello').verdict).toBe('allow');
    for (const other of [
      'echo hello ',
      ' echo hello',
      'echo hello x',
      'echo hello; id',
      'echo hello\nid',
      'echo hello && id',
      'ECHO HELLO',
      'echo hello\u200b',
    ])
      expect(decideLine(rules, other).verdict).toBe('review');
  });
});

describe('deny, then review, then allow', () => {
  it('lets a deny rule win over everything', () => {
    const rules = [
      rule({ pattern: 'rm **', effect: 'deny' }),
      rule({ pattern: 'rm *' }),
      rule({ pattern: 'rm *', effect: 'review' }),
    ];
    expect(decideLine(rules, 'rm x')).toMatchObject({ verdict: 'deny', rule_ids: ['rule_deny rm **'] });
  });

  it('lets a review rule win over allow rules', () => {
    expect(decideLine([rule({ pattern: 'ls **', effect: 'review' }), rule({ pattern: 'ls *' })], 'ls x')).toMatchObject(
      {
        verdict: 'review',
        rule_ids: ['rule_review ls **'],
      },
    );
  });

  it('reviews what no rule speaks about', () => {
    expect(decideLine([], 'ls')).toMatchObject({ verdict: 'review', rule_ids: [], reasons: ['No rule allows “ls”.'] });
  });
});
