import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analyze } from './analyze.js';

const colouring = (source: string) =>
  analyze(source).tokens.map(({ kind, span }) => [kind, source.slice(span.start, span.end)]);

describe('tokens', () => {
  it('name what each piece of a line is', () => {
    expect(colouring('X=1 sudo -u www rm $Y >out 2>&1 | wc # count')).toEqual([
      ['assignment', 'X=1'],
      ['program', 'sudo'],
      ['option', '-u'],
      ['literal', 'www'],
      ['literal', 'rm'],
      ['dynamic', '$Y'],
      ['redirection', '>'],
      ['redirection', 'out'],
      ['redirection', '2>&'],
      ['redirection', '1'],
      ['operator', '|'],
      ['program', 'wc'],
      ['comment', '# count'],
    ]);
    expect(colouring('if a; then cat <<E\nhi\nE\nfi')).toEqual([
      ['keyword', 'if'],
      ['program', 'a'],
      ['operator', ';'],
      ['keyword', 'then'],
      ['program', 'cat'],
      ['redirection', '<<'],
      ['dynamic', 'E'],
      ['heredoc', 'hi\n'],
      ['dynamic', 'E'],
      ['keyword', 'fi'],
    ]);
  });

  it('are in order, never overlap, and leave out nothing but blanks', () => {
    const words = fc.constantFrom(
      'ls',
      '-l',
      'a b',
      '"x y"',
      '$X',
      '$(a b)',
      '|',
      ';',
      '&&',
      '>f',
      '2>&1',
      '<<E',
      '\n',
      '(',
      ')',
      '#c',
      'if',
      'é',
      'X=1',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (parts) => {
        const source = parts.join(' ');
        let position = 0;
        for (const { span } of analyze(source).tokens) {
          expect(span.start).toBeGreaterThanOrEqual(position);
          expect(span.end).toBeGreaterThan(span.start);
          expect(source.slice(position, span.start).trim()).toBe('');
          position = span.end;
        }
        expect(source.slice(position).trim()).toBe('');
      }),
      { numRuns: 500, seed: 11 },
    );
  });
});
