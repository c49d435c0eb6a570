import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analyze } from './analyze.js';
import { findForbiddenCharacter } from './forbidden-characters.js';
import { quoteArgv, quoteWord } from './quote.js';

const readable = fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => findForbiddenCharacter(text) === null);

describe('quoting', () => {
  it.each([
    ['a', 'a'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['if', "'if'"],
    ['=x', "'=x'"],
    ['--a=b', '--a=b'],
    ['~', "'~'"],
    ['$x', "'$x'"],
  ])('writes %j as %s', (word, quoted) => {
    expect(quoteWord(word)).toBe(quoted);
  });

  it('quotes a program that would read as syntax', () => {
    expect(quoteArgv(['A=1', 'A=1'])).toBe("'A=1' A=1");
    expect(quoteArgv(['repeat', '%1'])).toBe("'repeat' %1");
  });

  it('comes back as the very same arguments', () => {
    fc.assert(
      fc.property(fc.array(readable, { minLength: 1, maxLength: 6 }), (argv) => {
        const [command, ...others] = analyze(quoteArgv(argv)).commands;
        expect(command?.argv).toEqual(argv);
        expect(others.every(({ wrappedBy }) => wrappedBy !== null)).toBe(true);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });
});
