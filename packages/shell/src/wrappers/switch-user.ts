import type { Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';
import { codeInWord, type Inner, type Opened, ownWords } from './opened.js';
import { readOptions } from './read-options.js';

/** su and runuser of util-linux 2.41. */
const SU: PrefixWrapper = {
  flags: 'flmpPTVh',
  values: 'CcGgsuw',
  longFlags: 'fast login preserve-environment pty no-pty session',
  longValues: 'command session-command group supp-group shell user whitelist-environment',
};

/** script of util-linux 2.41. */
const SCRIPT: PrefixWrapper = {
  flags: 'aefqVh',
  values: 'BcEIOTmo',
  optional: 't',
  longFlags: 'append return flush force quiet',
  longValues: 'log-io command echo log-in log-out log-timing logging-format output-limit',
};

const INTERACTIVE = 'It starts a shell that reads its commands from standard input.';

/** Opens `su -c code user` and `runuser`; options may stand behind the user's name. */
export function openSu(words: Word[]): Opened {
  const { code, codeWords, operands, doubts, asUser } = readPermuted(words, SU, [
    'c',
    'C',
    'command',
    'session-command',
  ]);
  if (asUser && operands.length > 0 && code.length === 0) {
    // `runuser -u user command …` runs the words themselves.
    const first = operands[0];
    const start = first === undefined ? words.length : words.indexOf(first);
    return {
      own: words.slice(0, start),
      inner: [{ kind: 'words', words: words.slice(start), assignments: [] }],
      unknown: doubts,
    };
  }
  return opened(ownWords(words, codeWords), code, doubts);
}

/** Opens `script -c code file`; without `-c` it starts a shell. */
export function openScript(words: Word[]): Opened {
  const { code, codeWords, doubts, operands, dashed } = readPermuted(words, SCRIPT, ['c', 'command']);
  if (!dashed && operands.length < 2) return opened(ownWords(words, codeWords), code, doubts);
  return opened(ownWords(words, codeWords), code, [...doubts, 'It hands words to a shell.']);
}

/** Opens `sg group code`, `sg group -c code`. */
export function openSg(words: Word[]): Opened {
  const code = words.slice(2).find((word) => word.literal !== '-c' && word.literal !== '-');
  return opened(
    code === undefined ? words : ownWords(words, [code]),
    code === undefined ? [] : [codeInWord(code, 'sh')],
    [],
  );
}

function opened(own: Word[], code: Inner[], doubts: string[]): Opened {
  if (code.length === 0) return { own: null, inner: [], unknown: [...doubts, INTERACTIVE] };
  const exact = code.every((piece) => piece.kind === 'code' && piece.exact);
  return {
    own,
    inner: code,
    unknown: exact ? doubts : [...doubts, 'The code given to the shell is not literal.'],
  };
}

interface Permuted {
  code: Inner[];
  codeWords: Word[];
  operands: Word[];
  doubts: string[];
  asUser: boolean;
  /** Operands stand behind `--`. */
  dashed: boolean;
}

function readPermuted(words: Word[], wrapper: PrefixWrapper, codeOptions: readonly string[]): Permuted {
  const found: Permuted = { code: [], codeWords: [], operands: [], doubts: [], asUser: false, dashed: false };
  for (let next = 1; next <= words.length; ) {
    const options = readOptions(words, next, wrapper);
    found.doubts.push(...options.doubts);
    if (options.seen.has('u') || options.seen.has('user')) found.asUser = true;
    if (options.seen.has('s') || options.seen.has('shell')) found.doubts.push('It names the shell to start.');
    for (const name of codeOptions) {
      const value = options.valuesByName.get(name);
      if (value === undefined) continue;
      found.code.push(codeInWord(value, 'sh'));
      found.codeWords.push(value);
    }
    const operand = words[options.next];
    if (operand !== undefined) {
      found.operands.push(operand);
      if (words[options.next - 1]?.literal === '--') found.dashed = true;
      if (operand.literal === null) found.doubts.push(`\`${operand.text}\` may become any number of words.`);
      if (found.dashed || (found.asUser && found.code.length === 0)) break;
    }
    next = options.next + 1;
  }
  return found;
}
