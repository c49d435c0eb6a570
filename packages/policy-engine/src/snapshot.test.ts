import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import { allowGlobs, commandRequest, NOW, rule, snapshotOf } from './rule-fixtures.contract-test.js';
import type { Snapshot } from './snapshot.js';

const verdict = (snapshot: Snapshot, line: string): string => decide(snapshot, commandRequest(line), NOW).verdict;

describe('a snapshot', () => {
  it('changes by a new one; the old one stays as it was', () => {
    const first = snapshotOf(allowGlobs('ls *'));
    const second = first.with({ version: 2, upserted: allowGlobs('wc *'), removed: ['rule_allow ls *'] });
    expect([verdict(first, 'ls a'), verdict(first, 'wc a')]).toEqual(['allow', 'review']);
    expect([verdict(second, 'ls a'), verdict(second, 'wc a')]).toEqual(['review', 'allow']);
    expect([first.version, second.version, second.org]).toEqual([1, 2, 'org']);
    expect(second.rules().map(({ id }) => id)).toEqual(['rule_allow wc *']);
    expect(first.rule('rule_allow ls *')?.pattern).toBe('ls *');
  });

  it('replaces a rule with the same id', () => {
    const first = snapshotOf([rule({ id: 'r', pattern: 'ls *' })]);
    const second = first.with({ version: 2, upserted: [rule({ id: 'r', pattern: 'ls *', effect: 'deny' })] });
    expect([verdict(first, 'ls a'), verdict(second, 'ls a')]).toEqual(['allow', 'deny']);
  });

  it('can be changed twice in different ways', () => {
    const base = snapshotOf(allowGlobs('ls *'));
    const one = base.with({ version: 2, upserted: allowGlobs('wc *') });
    const other = base.with({ version: 2, upserted: allowGlobs('cat *') });
    expect(['ls a', 'wc a', 'cat a'].map((line) => verdict(one, line))).toEqual(['allow', 'allow', 'review']);
    expect(['ls a', 'wc a', 'cat a'].map((line) => verdict(other, line))).toEqual(['allow', 'review', 'allow']);
  });

  it('stays right, and does not keep growing, through many replacements', () => {
    let snapshot = snapshotOf(allowGlobs('ls *'));
    const past: Snapshot[] = [];
    for (let version = 2; version < 6_000; version++) {
      snapshot = snapshot.with({ version, upserted: [rule({ id: 'turning', pattern: `wc ${version}` })] });
      if (version % 1_000 === 0) past.push(snapshot);
    }
    expect(['wc 5999', 'wc 5998', 'ls a'].map((line) => verdict(snapshot, line))).toEqual(['allow', 'review', 'allow']);
    expect(snapshot.rules()).toHaveLength(2);
    expect(past.map((older, at) => verdict(older, `wc ${(at + 1) * 1_000}`))).toEqual(Array(5).fill('allow'));
    expect(past.map((older) => verdict(older, 'wc 5999'))).toEqual(Array(5).fill('review'));
  });

  it('keeps settings that a change does not name', () => {
    const first = snapshotOf([rule({ pattern: 'ls', scope: { type: 'group', id: 'g' } })], {
      targetGroups: { t: ['g'] },
    });
    const second = first.with({ version: 2 });
    const third = second.with({ version: 3, targetGroups: {} });
    const judge = (snapshot: Snapshot): string => decide(snapshot, commandRequest('ls', { target: 't' }), NOW).verdict;
    expect([first, second, third].map(judge)).toEqual(['allow', 'allow', 'review']);
  });

  it('takes an org’s own harmless options', () => {
    const rules = allowGlobs('dlogs **', 'ls **');
    const programOptions = { dlogs: { source: 'our own tool', flags: '-f --follow', valued: '-n' } };
    const snapshot = snapshotOf(rules, { programOptions });
    expect(['dlogs -fn 5 web', 'dlogs -x', 'ls -la'].map((line) => verdict(snapshot, line))).toEqual([
      'allow',
      'review',
      'allow',
    ]);
  });

  it('names rules that cannot be read; a deny rule among them sends everything in its scope to review', () => {
    const snapshot = snapshotOf([...allowGlobs('ls *'), rule({ id: 'bad', pattern: 'rm $(', effect: 'deny' })]);
    expect(snapshot.problems()).toEqual([{ rule_id: 'bad', message: expect.stringContaining('"$"') }]);
    expect(decide(snapshot, commandRequest('ls a'), NOW)).toMatchObject({ verdict: 'review', rule_ids: ['bad'] });
    expect(verdict(snapshotOf([...allowGlobs('ls *'), rule({ pattern: 'rm $(' })]), 'ls a')).toBe('allow');
  });
});

describe('hostile input', () => {
  // Backtracking would not come back before the test's own deadline.
  it('is judged without backtracking', () => {
    const snapshot = snapshotOf([
      rule({ pattern: 'x ** a ** b ** c', effect: 'deny' }),
      rule({ pattern: '** a ** b ** c ** d', effect: 'deny' }),
      rule({ pattern: `y ${'*a'.repeat(40)}*b`, effect: 'deny' }),
      rule({ pattern: '(a|a)*(b|b)*c', pattern_type: 'regex', effect: 'deny' }),
      ...allowGlobs('x ** a ** b ** c', `y ${'*a'.repeat(40)}*b`),
    ]);
    const lines = [`x ${'a b '.repeat(2_000)}`, `y ${'a'.repeat(8_000)}`, 'a'.repeat(200_000)];
    expect(lines.map((line) => verdict(snapshot, line))).toEqual(['review', 'review', 'review']);
  });
});
