import { describe, expect, it } from '@jest/globals';
import { emptyDraft, fromLocalDateTime, localDateTime, ruleOfDraft } from './rule-draft.js';

describe('a rule as it is sent', () => {
  it('leaves out what belongs to other kinds', () => {
    const draft = {
      ...emptyDraft,
      pattern: 'x',
      cwd: '/srv',
      shell: 'sh' as const,
      pipeline: true,
      direction: 'upload' as const,
      matchers: [{ pointer: '/a', mode: 'glob' as const, value: 'b*' }],
    };
    expect(ruleOfDraft(draft)).toMatchObject({
      cwd: '/srv',
      shell: 'sh',
      pipeline: true,
      matchers: [],
      direction: null,
    });
    expect(ruleOfDraft({ ...draft, kind: 'tool_call' })).toMatchObject({
      cwd: null,
      shell: null,
      pipeline: false,
      matchers: [{ pointer: '/a', glob: 'b*' }],
    });
    expect(ruleOfDraft({ ...draft, kind: 'file_transfer' })).toMatchObject({ direction: 'upload', matchers: [] });
  });

  it('reads a compared value as JSON, or else as text', () => {
    const matchers = ['3', 'true', 'plain'].map((value) => ({ pointer: '/a', mode: 'equals' as const, value }));
    expect(ruleOfDraft({ ...emptyDraft, kind: 'tool_call', matchers }).matchers?.map(({ equals }) => equals)).toEqual([
      3,
      true,
      'plain',
    ]);
  });

  it('takes one example a line', () => {
    expect(ruleOfDraft({ ...emptyDraft, matches: 'git fetch a\n\n git fetch b \n' }).examples).toEqual({
      matches: ['git fetch a', ' git fetch b '],
      does_not_match: [],
    });
  });
});

it('a date survives the field of the form', () => {
  const at = '2026-11-22T12:34:00.000Z';
  expect([
    fromLocalDateTime(localDateTime(at)),
    localDateTime(null),
    fromLocalDateTime(''),
    fromLocalDateTime('soon'),
  ]).toEqual([at, '', null, null]);
});
