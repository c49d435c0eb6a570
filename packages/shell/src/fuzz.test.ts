// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these strings are shell code
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Analysis, Shell } from './analysis.js';
import { analyze } from './analyze.js';
import { scanLiteralWord } from './lexer/word-scanner.js';
import { MAX_SOURCE_LENGTH } from './limits.js';

const SHELLS: Shell[] = ['bash', 'sh', 'dash', 'zsh', 'fish'];

const FRAGMENTS =
  `cmd|evil|sudo|env|sh -c|eval|find . -exec|xargs|if|then|fi|do|done|case|esac|in|time|coproc|[[|]]|((|))|(|)|{|}|$(|\`|\${|}|$((|'|"|\\|\\\n|;|&|&&|\n|>|<|>>|<<E|<<-'E'|<<<|<(|>(|2>&1|10>&1|{fd}>|&>|>|$x|"$x"|$'|$"|*|?|[|]|{a,b}|~|!|#|=|X=1|a[0]=1|a=(|+=|é|\u202e|\0|\r|\ud800|  |\t|E|--|-c|%`.split(
    '|',
  );
const soup = fc
  .array(fc.tuple(fc.constantFrom(...FRAGMENTS, '|', '||', '|&'), fc.constantFrom('', ' ')), { maxLength: 25 })
  .map((parts) => parts.flat().join(''));
const lines = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }));

/** What must hold of every analysis, whatever the line: the sentence that is broken, or null. */
function brokenPromise(analysis: Analysis): string | null {
  const { source, commands, strict, parseable } = analysis;
  if (parseable !== (analysis.reasons.length === 0)) return 'what is not parseable has a reason';
  if (strict !== (analysis.strictReasons.length === 0)) return 'what is not strict has a reason';
  if (strict && (!parseable || commands.length === 0)) return 'a strict line is parseable and runs something';
  for (const [index, command] of commands.entries()) {
    const { argv, words, opaque, patternable, wrappedBy } = command;
    if (patternable !== (command.reasons.length === 0)) return 'what is not patternable has a reason';
    if (strict && !patternable) return 'each command of a strict line is patternable';
    if (patternable && (opaque || argv === null)) return 'a patternable command is wholly known';
    if (wrappedBy !== null && wrappedBy >= index) return 'a wrapper comes before what it wraps';
    if ((argv === null) !== words.some(({ literal }) => literal === null))
      return 'argv is there when each word is literal';
    for (const { literal, dynamic, span, text } of words) {
      if ((literal === null) !== dynamic.length > 0) return 'a word is literal or says what makes it dynamic';
      if (literal === null || span === null || source.slice(span.start, span.end) !== text) continue;
      const scanned = scanLiteralWord(text);
      if (!('literal' in scanned) || scanned.literal !== literal)
        return 'a literal word reads so by its own characters';
    }
  }
  return null;
}

describe('whatever the line', () => {
  it.each(SHELLS)('an analysis for %s holds together and never throws', (shell) => {
    fc.assert(
      fc.property(lines, (source) => {
        const analysis = analyze(source, shell);
        expect(brokenPromise(analysis)).toBeNull();
        expect(analysis.tokens).toBeDefined();
      }),
      { numRuns: 1_500, seed: 42 },
    );
  });

  it('is the same each time', () => {
    fc.assert(
      fc.property(lines, (source) => {
        expect(JSON.stringify(analyze(source))).toBe(JSON.stringify(analyze(source)));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('is not strict for zsh or fish unless it is for bash, with the same commands', () => {
    fc.assert(
      fc.property(soup, fc.constantFrom<Shell>('sh', 'dash', 'zsh', 'fish'), (source, shell) => {
        const other = analyze(source, shell);
        if (!other.strict) return;
        expect(analyze(source).strict).toBe(true);
        expect(other.commands.map(({ argv }) => argv)).toEqual(analyze(source).commands.map(({ argv }) => argv));
      }),
      { numRuns: 1_000, seed: 9 },
    );
  });

  it('loses its strictness when a substitution is added anywhere but in single quotes, comments or escapes', () => {
    const plain = fc.array(fc.constantFrom('cmd', '-l', 'a', '"b c"', 'x=1', '&&', ';', '|'), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(plain, fc.nat(), fc.constantFrom('$(evil)', '`evil`', '${x:-`evil`}'), (words, at, hidden) => {
        const source = words.join(' ');
        const position = at % (source.length + 1);
        const analysis = analyze(source.slice(0, position) + hidden + source.slice(position));
        expect(analysis.strict).toBe(false);
        if (analysis.parseable) expect(analysis.commands.some(({ argv }) => argv?.[0] === 'evil')).toBe(true);
      }),
      { numRuns: 500, seed: 13 },
    );
  });
});

describe('lines made to exhaust a parser', () => {
  const units = [
    '$(',
    '"$(',
    '`',
    '\\`',
    '((',
    '$((a[',
    '${x:-',
    '{a,',
    '<(',
    '[',
    'a[$(',
    'if ',
    'case x in ',
    'f(){ ',
    '! ',
    'time ',
    'coproc ',
    '<<A ',
    'sudo ',
    'ls|',
    'a;',
    '&&',
    '\\\n',
    '{',
    '"',
    "'",
    '*',
    '~',
    'é',
    'с',
    '“',
  ];

  it.each(units)('are answered: %j', (unit) => {
    const fill = unit.repeat(Math.ceil(MAX_SOURCE_LENGTH / unit.length)).slice(0, MAX_SOURCE_LENGTH);
    const nested = `echo ${unit.repeat(40)}x${') } ] done'.repeat(40)}`.slice(0, MAX_SOURCE_LENGTH);
    for (const source of [
      fill,
      nested,
      `${unit.repeat(20)}${' a'.repeat(3_000)}`,
      `sh -c '${fill.replaceAll("'", '').slice(0, 8_000)}'`,
    ]) {
      for (const shell of SHELLS) expect(brokenPromise(analyze(source, shell))).toBeNull();
    }
  });
});
