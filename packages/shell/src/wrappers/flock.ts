import type { Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';
import { codeInWord, type Opened } from './opened.js';
import { readOptions } from './read-options.js';

/** flock of util-linux 2.41. */
const FLOCK: PrefixWrapper = {
  flags: 'sxeunoFv',
  values: 'wE',
  longFlags: 'shared exclusive unlock nonblock nb close no-fork verbose fcntl',
  longValues: 'timeout wait conflict-exit-code',
};

/** Opens `flock file command …` and `flock file -c code`; `flock 9` alone locks a descriptor. */
export function openFlock(words: Word[]): Opened {
  const options = readOptions(words, 1, FLOCK);
  const start = options.next + 1;
  const unknown = [...options.doubts];
  if (words[options.next]?.literal === null)
    unknown.push(`\`${words[options.next]?.text}\` may become any number of words.`);
  const first = words[start];
  if (first === undefined) return { own: null, inner: [], unknown };
  if (first.literal === '-c' || first.literal === '--command') {
    const code = words[start + 1];
    if (code === undefined) return { own: null, inner: [], unknown };
    if (code.literal === null) unknown.push('The code given to the shell is not literal.');
    return { own: words.slice(0, start + 1), inner: [codeInWord(code, 'sh')], unknown };
  }
  return {
    own: words.slice(0, start),
    inner: [{ kind: 'words', words: words.slice(start), assignments: [] }],
    unknown,
  };
}
