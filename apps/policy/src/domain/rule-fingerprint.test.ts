import type { NewRule } from '@expacti/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedDraft, draftOf, newRuleOf } from './rule-draft.js';
import { ruleFingerprint } from './rule-fingerprint.js';

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const rules: fc.Arbitrary<NewRule> = fc.record(
  {
    effect: fc.constantFrom('allow', 'deny', 'review'),
    kind: fc.constantFrom('command', 'tool_call', 'file_transfer'),
    pattern_type: fc.constantFrom('exact', 'glob', 'regex'),
    pattern: fc.string({ minLength: 1, maxLength: 5 }),
    scope: fc.constantFrom({ type: 'global' }, { type: 'group', id: 'a' }, { type: 'target', id: 'a' }),
    agent_id: optional(fc.constantFrom(null, 'agt_1')),
    session_id: optional(fc.constantFrom(null, 'ses_1')),
    shell: optional(fc.constantFrom(null, 'bash', 'sh')),
    cwd: optional(fc.constantFrom(null, '/a')),
    pipeline: optional(fc.boolean()),
    matchers: optional(
      fc.array(fc.record({ pointer: fc.constantFrom('', '/a'), equals: fc.jsonValue() as fc.Arbitrary<never> }), {
        maxLength: 2,
      }),
    ),
    direction: optional(fc.constantFrom(null, 'upload', 'download')),
    expires_at: optional(fc.constantFrom(null, '2027-01-01T00:00:00.000Z')),
    shadow: optional(fc.boolean()),
    note: optional(fc.constantFrom(null, 'x')),
  },
  { requiredKeys: ['effect', 'kind', 'pattern_type', 'pattern', 'scope'] },
);

describe('a rule written down and read back', () => {
  it('is the same rule', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const draft = draftOf(rule);
        expect(draftOf(newRuleOf(draft))).toEqual(draft);
        expect(ruleFingerprint(draftOf(newRuleOf(draft)))).toBe(ruleFingerprint(draft));
      }),
    );
  });

  it('keeps what a change does not name', () => {
    fc.assert(
      fc.property(rules, fc.constantFrom('pattern', 'note', 'shell', 'cwd', 'shadow', 'expires_at'), (rule, field) => {
        const stored = { ...draftOf(rule) } as Parameters<typeof changedDraft>[0];
        expect(changedDraft(stored, { [field]: undefined })).toEqual(draftOf(rule));
      }),
    );
  });
});

describe('the fingerprint', () => {
  it('differs whenever something that a rule decides by differs', () => {
    const judged = (rule: NewRule) => {
      const { note: _note, expires_at: _end, examples: _examples, ...rest } = draftOf(rule);
      return rest;
    };
    fc.assert(
      fc.property(rules, rules, (a, b) => {
        const same = JSON.stringify(judged(a)) === JSON.stringify(judged(b));
        if (!same) fc.pre(!a.matchers?.length && !b.matchers?.length);
        expect(ruleFingerprint(draftOf(a)) === ruleFingerprint(draftOf(b))).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of keys in an argument, nor mistake one shape for another', () => {
    const withEquals = (equals: unknown) =>
      ruleFingerprint(
        draftOf({
          effect: 'allow',
          kind: 'tool_call',
          pattern_type: 'exact',
          pattern: 'read',
          scope: { type: 'global' },
          matchers: [{ pointer: '', equals: equals as never }],
        }),
      );
    expect(withEquals({ a: 1, b: [2] })).toBe(withEquals({ b: [2], a: 1 }));
    const different = [{ a: 1 }, [['a', 1]], { pairs: [['a', 1]] }, { a: '1' }, null, 'null', [], {}];
    expect(new Set(different.map(withEquals)).size).toBe(different.length);
  });
});
