import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { RegexPattern, regexProblem, splitHead } from './regex-pattern.js';
import { GAP, regexShape } from './regex-segments.js';

fc.configureGlobal({ seed: 20_261_122 });

const PIECES = [
  'a',
  'b',
  'c d',
  '1',
  '-',
  '.',
  '\\.',
  '[ab]',
  '[^a]',
  '[]a]',
  '[^]b]',
  '[\\]]',
  '(',
  '(?:',
  '(?i)',
  '(?i:',
  ')',
  '|',
  '*',
  '+',
  '?',
  '{2}',
  '{0}',
  '{00}',
  '{1,3}',
  '{2,}',
  '^',
  '$',
  '\\b',
  '\\d',
  '\\w+',
  '\\Qa.b\\E',
  '\\Q\\E',
  '\\E',
  '[[:alpha:]]',
  '(?P<n>',
  '\\pL',
  'é',
  "'",
];
const source = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join(''));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c d', 'A', '1', '-', '.', 'é', ']', '{00}', "'", 'K'), { maxLength: 9 })
  .map((pieces) => pieces.join(''));

const compiled = (pattern: string): RE2JS | null => {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return null;
  }
};

describe('a regular expression', () => {
  it('matches the whole text, with its head split off or not', () => {
    fc.assert(
      fc.property(source, text, (pattern, candidate) => {
        expect(new RegexPattern(pattern).matches(candidate)).toBe(compiled(pattern)?.testExact(candidate) ?? null);
      }),
      { numRuns: 3_000 },
    );
  });

  it('never has a literal piece that a match lacks', () => {
    fc.assert(
      fc.property(source, text, (pattern, candidate) => {
        const shape = regexShape(pattern);
        if (shape === null || compiled(pattern)?.testExact(candidate) !== true) return;
        let from = 0;
        for (const segment of shape.segments) {
          if (segment === GAP) continue;
          const at = candidate.indexOf(segment, from);
          expect([pattern, segment, at >= 0]).toEqual([pattern, segment, true]);
          from = at + segment.length;
        }
        for (const choices of shape.anyOf) expect(choices.some((choice) => candidate.includes(choice))).toBe(true);
      }),
      { numRuns: 6_000 },
    );
  });

  it('shares the automaton of what follows a literal head', () => {
    expect(splitHead('docker logs web-[0-9]+')).toEqual({ head: 'docker logs web-', rest: '[0-9]+' });
    expect(splitHead('ab*')).toEqual({ head: 'a', rest: 'b*' });
    expect(splitHead('ab|c')).toEqual({ head: '', rest: 'ab|c' });
    expect(splitHead('ab(c|d)')).toEqual({ head: 'ab', rest: '(c|d)' });
    expect(splitHead('ab\\b.*')).toEqual({ head: '', rest: 'ab\\b.*' });
    expect(splitHead('ab)|(c')).toEqual({ head: '', rest: 'ab)|(c' });
  });

  it('takes linear time where backtracking would not end', () => {
    expect(new RegexPattern('(a+)+$').matches(`${'a'.repeat(5_000)}b`)).toBe(false);
  });

  it('says what RE2 refuses', () => {
    for (const bad of ['(', '\\', '(?=a)', '(a)\\1', 'a{2000}', '[z-a]'])
      expect(regexProblem(bad)).toMatch(/not valid in RE2/);
    expect(regexProblem('(a+)+$')).toBeNull();
  });
});
