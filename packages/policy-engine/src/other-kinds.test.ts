import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import type { Rule, TransferDirection } from './rule.js';
import { NOW, rule, snapshotOf } from './rule-fixtures.contract-test.js';

describe('tool calls', () => {
  const tool = (pattern: string, fields: Partial<Rule> = {}): Rule => rule({ kind: 'tool_call', pattern, ...fields });
  const judge = (rules: readonly Rule[], name: string, given: Record<string, unknown> = {}) =>
    decide(snapshotOf(rules), { kind: 'tool_call', tool: name, arguments: given, agent_id: 'a' }, NOW);

  it('are matched by name', () => {
    const rules = [
      tool('fs.read*'),
      tool('mail.send', { pattern_type: 'exact' }),
      tool('db\\.(get|list)', { pattern_type: 'regex' }),
    ];
    for (const name of ['fs.read', 'fs.read_file', 'mail.send', 'db.get'])
      expect(judge(rules, name).verdict).toBe('allow');
    for (const name of ['fs.write', 'mail.send2', 'xdb.get', 'db.get2', ''])
      expect(judge(rules, name).verdict).toBe('review');
  });

  it('are matched by their arguments', () => {
    const rules = [
      tool('fs.read', {
        matchers: [
          { pointer: '/path', glob: '/srv/*' },
          { pointer: '/options/follow', equals: false },
        ],
      }),
    ];
    const options = { follow: false };
    expect(judge(rules, 'fs.read', { path: '/srv/x', options }).verdict).toBe('allow');
    for (const given of [
      { path: '/etc/x', options },
      { path: '/srv/../etc/x', options },
      { path: '/srv/x' },
      { path: ['/srv/x'], options },
      { options },
      {},
    ])
      expect(judge(rules, 'fs.read', given).verdict).toBe('review');
  });

  it('compare whole values, whatever the order of keys', () => {
    const rules = [tool('x', { matchers: [{ pointer: '', equals: { a: 1, b: [{ c: null }] } }] })];
    expect(judge(rules, 'x', { b: [{ c: null }], a: 1 }).verdict).toBe('allow');
    expect(judge(rules, 'x', { b: [{ c: null }], a: 1, d: 0 }).verdict).toBe('review');
    expect(judge(rules, 'x', JSON.parse('{"__proto__":{"a":1},"b":[{"c":null}]}')).verdict).toBe('review');
  });

  it('are denied first, then reviewed', () => {
    const rules = [
      tool('*'),
      tool('fs.*', { effect: 'review' }),
      tool('fs.delete', { effect: 'deny', matchers: [{ pointer: '/path', glob: '/etc/*' }] }),
    ];
    expect(judge(rules, 'fs.delete', { path: '/etc/x' }).verdict).toBe('deny');
    expect(judge(rules, 'fs.delete', { path: '/srv/x' }).verdict).toBe('review');
    expect(judge(rules, 'db.get').verdict).toBe('allow');
  });

  it('are not matched by command rules', () => {
    expect(judge([rule({ pattern: 'ls' })], 'ls').verdict).toBe('review');
  });

  it('go to review while a deny rule cannot be read', () => {
    expect(judge([tool('*'), tool('[', { effect: 'deny' })], 'x').verdict).toBe('review');
    expect(
      judge([tool('*'), tool('x', { effect: 'deny', matchers: [{ pointer: '/a', glob: '[' }] })], 'y').verdict,
    ).toBe('review');
  });
});

describe('file transfers', () => {
  const transfer = (pattern: string, fields: Partial<Rule> = {}): Rule =>
    rule({ kind: 'file_transfer', pattern, ...fields });
  const judge = (rules: readonly Rule[], paths: string[], direction: TransferDirection = 'upload') =>
    decide(snapshotOf(rules), { kind: 'file_transfer', direction, paths, agent_id: 'a' }, NOW);

  it.each([
    ['/srv/*', '/srv/a', 'allow'],
    ['/srv/*', '/srv/a/b', 'review'],
    ['/srv/**', '/srv/a/b', 'allow'],
    ['/srv/**/*.log', '/srv/a/b.log', 'allow'],
    ['/srv/**', '/srv/../etc/passwd', 'review'],
    ['/srv/**', '/srv//a', 'review'],
    ['/**', 'relative', 'review'],
    ['/srv/a b', '/srv/a b', 'allow'],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(judge([transfer(pattern)], [path]).verdict).toBe(expected);
  });

  it('need every path allowed, and are denied by one', () => {
    const rules = [transfer('/srv/**'), transfer('/srv/secret/**', { effect: 'deny' })];
    expect(judge(rules, ['/srv/a', '/srv/b']).verdict).toBe('allow');
    expect(judge(rules, ['/srv/a', '/etc/b']).verdict).toBe('review');
    expect(judge(rules, ['/srv/a', '/srv/secret/b', '/etc/c']).verdict).toBe('deny');
    expect(judge(rules, ['/srv/x/../secret/b']).verdict).toBe('deny');
    expect(judge(rules, []).verdict).toBe('review');
  });

  it('look at the direction', () => {
    const rules = [transfer('/srv/**', { direction: 'download' })];
    expect([judge(rules, ['/srv/a'], 'download').verdict, judge(rules, ['/srv/a'], 'upload').verdict]).toEqual([
      'allow',
      'review',
    ]);
  });

  it('take exact paths and regular expressions too', () => {
    const rules = [
      transfer('/srv/a', { pattern_type: 'exact' }),
      transfer('/srv/log-[0-9]+', { pattern_type: 'regex' }),
    ];
    expect(judge(rules, ['/srv/a', '/srv/log-12']).verdict).toBe('allow');
    expect(judge(rules, ['/srv/log-x']).verdict).toBe('review');
  });

  it('say which path was not allowed', () => {
    expect(judge([transfer('/srv/*')], ['/srv/a', '/etc/b']).reasons).toEqual([
      'No rule allows the upload of “/etc/b”.',
    ]);
  });
});
