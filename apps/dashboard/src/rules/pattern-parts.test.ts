import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { patternParts } from './pattern-parts.js';

const wildcards = (pattern: string, type: 'exact' | 'glob' | 'regex') =>
  patternParts(pattern, type).flatMap(({ kind, text }) => (kind === 'wildcard' ? [text] : []));

describe('the parts of a pattern', () => {
  it('are all fixed in an exact text', () => {
    expect(wildcards('rm *', 'exact')).toEqual([]);
  });

  it('are wildcards in a glob only outside quotes and behind no backslash', () => {
    expect(wildcards(`git * ** a?c [a-z] '*' \\*`, 'glob')).toEqual(['*', '**', '?', '[a-z]']);
  });

  it('are the special characters of a regular expression', () => {
    expect(wildcards(String.raw`get (pods|svc) a\.b [a-z-]+ x{2,3}`, 'regex')).toEqual([
      '(',
      '|',
      ')',
      '[a-z-]',
      '+',
      '{2,3}',
    ]);
  });

  it('joined are the pattern', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('exact' as const, 'glob' as const, 'regex' as const),
        (pattern, type) => {
          expect(
            patternParts(pattern, type)
              .map(({ text }) => text)
              .join(''),
          ).toBe(pattern);
        },
      ),
    );
  });
});
