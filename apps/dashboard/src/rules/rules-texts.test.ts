import { describe, expect, it } from '@jest/globals';
import { previewSentence } from './preview-sentence.js';
import { readImport } from './read-import.js';
import { readRulesSearch } from './rules-search.js';
import { readScope, scopeWords, writeScope } from './scope.js';

describe('the preview of a rule', () => {
  it('says what it would have done to the past', () => {
    expect(previewSentence('allow', { days: 30, examined: 1_500, matches: 14 })).toBe(
      'In the last 30 days this would have let run 14 of 1,500 commands:',
    );
    expect(previewSentence('deny', { days: 30, examined: 1, matches: 0 })).toBe(
      'In the last 30 days this would have refused none of 1 command.',
    );
    expect(previewSentence('allow', { days: 30, examined: 0, matches: 0 })).toMatch(/nothing to compare/);
  });
});

describe('a scope', () => {
  it('survives the field of a form', () => {
    for (const scope of [{ type: 'global' }, { type: 'group', id: 'grp_1' }, { type: 'target', id: 'tgt_1' }] as const)
      expect(readScope(writeScope(scope))).toEqual(scope);
    expect(readScope('nonsense')).toEqual({ type: 'global' });
  });

  it('is told by name where the name is known', () => {
    const names = new Map([['grp_1', 'production']]);
    expect([
      scopeWords({ type: 'global' }, names),
      scopeWords({ type: 'group', id: 'grp_1' }, names),
      scopeWords({ type: 'target', id: 'tgt_9' }, names),
    ]).toEqual(['Everywhere', 'Group production', 'tgt_9']);
  });
});

describe('an imported file', () => {
  it('is an export, or a bare list', () => {
    expect([readImport('{"rules":[{}]}').ok, readImport('[{}]').ok]).toEqual([true, true]);
  });

  it('is refused with a sentence', () => {
    for (const text of ['{', '{"rules":{}}', '[]', '3', 'null'])
      expect(readImport(text)).toMatchObject({ ok: false, problem: expect.any(String) });
  });
});

it('the address of the rules drops what is not understood', () => {
  expect(readRulesSearch({ q: 'git', effect: 'explode', type: 'glob', kind: 'command' })).toEqual({
    q: 'git',
    type: 'glob',
    kind: 'command',
  });
});
