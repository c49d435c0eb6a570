import { analyze, findSuspiciousCharacters } from '@expacti/shell';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { segmentsOf, sliceSegments } from './segments.js';

const segments = (source: string) => segmentsOf(source, analyze(source).tokens, findSuspiciousCharacters(source));
const joined = (parts: { text: string }[]) => parts.map(({ text }) => text).join('');
const lines = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        'git',
        ' ',
        '$X',
        '|',
        '> f',
        '"a b"',
        '\u202e',
        '\u200b',
        'p\u0430y',
        '\n',
        '\t',
        '$(id)',
        "'",
        '\u{1f600}',
        '\ud800',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('a coloured command', () => {
  it('has every character of the source, once and in order', () => {
    fc.assert(
      fc.property(lines, (source) => {
        expect(joined(segments(source))).toBe(source);
      }),
    );
  });

  it('makes each hidden character a chip', () => {
    const chips = segments('cat p\u0430sswd\u202e').flatMap(({ chip, text }) => (chip ? [[text, chip.shown]] : []));
    expect(chips).toEqual([
      ['\u0430', '\u0430'],
      ['\u202e', 'U+202E'],
    ]);
  });

  it('colours by what each part is', () => {
    const kinds = segments('git push -f "$REMOTE" | tee x').flatMap(({ kind, text }) =>
      kind === 'plain' ? [] : [`${kind}:${text}`],
    );
    expect(kinds).toEqual(
      expect.arrayContaining(['program:git', 'option:-f', 'dynamic:"$REMOTE"', 'operator:|', 'program:tee']),
    );
  });

  it('ignores tokens that lie outside the source or over one another', () => {
    const tokens = [
      { kind: 'program' as const, span: { start: 0, end: 2 } },
      { kind: 'option' as const, span: { start: 1, end: 3 } },
      { kind: 'literal' as const, span: { start: 2, end: 99 } },
    ];
    expect(segmentsOf('ls -l', tokens, []).map(({ kind, text }) => [kind, text])).toEqual([
      ['program', 'ls'],
      ['plain', ' -l'],
    ]);
  });
});

it('a part of it is exactly those characters', () => {
  fc.assert(
    fc.property(lines, fc.nat(40), fc.nat(40), (source, one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      expect(joined(sliceSegments(segments(source), from, to))).toBe(source.slice(from, to));
    }),
  );
});
