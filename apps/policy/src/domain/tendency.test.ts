import type { NewRule } from '@expacti/contracts';
import { describe, expect, it } from '@jest/globals';
import { draftOf, type RuleDraft } from './rule-draft.js';
import { tendencyOfCreation, tendencyOfRemoval, tendencyOfUpdate } from './tendency.js';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const rule = (effect: NewRule['effect'], more: Partial<NewRule> = {}): RuleDraft =>
  draftOf({ effect, kind: 'command', pattern_type: 'glob', pattern: 'ls *', scope: { type: 'global' }, ...more });
const soon = { expires_at: '2026-02-01T00:00:00.000Z' };
const later = { expires_at: '2026-03-01T00:00:00.000Z' };
const over = { expires_at: '2025-01-01T00:00:00.000Z' };
const shadow = { shadow: true };

describe('which way a change moves what may run', () => {
  it('making a deny or review rule tightens, unless it is in shadow', () => {
    expect(tendencyOfCreation(rule('deny'))).toBe('tightens');
    expect(tendencyOfCreation(rule('review'))).toBe('tightens');
    expect(tendencyOfCreation(rule('deny', shadow))).toBe('loosens');
    expect(tendencyOfCreation(rule('allow'))).toBe('loosens');
  });

  it('removing an allow rule that is in force tightens', () => {
    expect(tendencyOfRemoval(rule('allow'), NOW)).toBe('tightens');
    expect(tendencyOfRemoval(rule('allow', over), NOW)).toBe('loosens');
    expect(tendencyOfRemoval(rule('allow', shadow), NOW)).toBe('loosens');
    expect(tendencyOfRemoval(rule('deny'), NOW)).toBe('loosens');
  });

  it.each<[string, RuleDraft, RuleDraft, 'tightens' | 'loosens']>([
    ['an allow rule that says something else', rule('allow'), rule('allow', { pattern: 'ls **' }), 'tightens'],
    ['an allow rule that ends sooner', rule('allow', later), rule('allow', soon), 'tightens'],
    ['an allow rule that ends at all', rule('allow'), rule('allow', soon), 'tightens'],
    ['an allow rule that ends later', rule('allow', soon), rule('allow', later), 'loosens'],
    ['an allow rule that never ends any more', rule('allow', soon), rule('allow'), 'loosens'],
    ['an allow rule that goes into shadow', rule('allow'), rule('allow', shadow), 'tightens'],
    ['an allow rule that comes out of shadow', rule('allow', shadow), rule('allow'), 'loosens'],
    ['an allow rule with another note', rule('allow'), rule('allow', { note: 'why' }), 'loosens'],
    ['an allow rule that becomes a deny rule', rule('allow', shadow), rule('deny'), 'tightens'],
    ['a deny rule that becomes an allow rule', rule('deny'), rule('allow'), 'loosens'],
    ['a deny rule that says something else', rule('deny'), rule('deny', { pattern: 'ls' }), 'tightens'],
    ['a deny rule that ends sooner', rule('deny'), rule('deny', soon), 'loosens'],
    ['a deny rule that ends later', rule('deny', soon), rule('deny', later), 'tightens'],
  ])('%s', (_what, before, after, expected) => {
    expect(tendencyOfUpdate(before, after, NOW)).toBe(expected);
  });
});
