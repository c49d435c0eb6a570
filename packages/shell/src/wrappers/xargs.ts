import type { Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';
import { APPENDED_WORD, type Opened, placeholder } from './opened.js';
import { readOptions } from './read-options.js';

/** GNU findutils 4.10 and BSD xargs. */
const XARGS: PrefixWrapper = {
  flags: '0oprtx',
  values: 'adEIJLnPRSs',
  optional: 'eil',
  longFlags: 'null interactive no-run-if-empty verbose exit show-limits open-tty',
  longValues: 'arg-file delimiter max-args max-procs max-chars process-slot-var',
};

/** Long options of xargs whose value, if any, is attached with `=`. */
const ATTACHED_ONLY = /^--(?:eof|replace|max-lines)(?:=(.*))?$/s;

/** Opens `xargs command …`: words from standard input are appended, or replace a marker. */
export function openXargs(words: Word[]): Opened {
  const replaceWord = words.find((word) => word.literal?.startsWith('--replace'));
  const readable = words.map((word) => (ATTACHED_ONLY.test(word.literal ?? '') ? { ...word, literal: '-e' } : word));
  const options = readOptions(readable, 1, XARGS);
  const command = words.slice(options.next);
  const unknown = [...options.doubts];
  const own = words.slice(0, options.next);
  if (command.length === 0) return { own: null, inner: [], unknown };
  const marker = replaceMarker(words.slice(1, options.next), options.valuesByName, replaceWord);
  const filled =
    marker === null
      ? [...command, APPENDED_WORD]
      : command.map((word) => (holds(word, marker) ? placeholder(word) : word));
  return { own, inner: [{ kind: 'words', words: filled, assignments: [] }], unknown };
}

function holds(word: Word, marker: string): boolean {
  return word.literal === null || marker === '' || word.literal.includes(marker);
}

/** The text that is replaced in each word, or null when words are appended. Empty when it cannot be told. */
function replaceMarker(
  optionWords: readonly Word[],
  valuesByName: ReadonlyMap<string, Word>,
  long: Word | undefined,
): string | null {
  const value = valuesByName.get('I') ?? valuesByName.get('J');
  if (value !== undefined) return value.literal ?? '';
  if (long !== undefined && optionWords.includes(long)) return ATTACHED_ONLY.exec(long.literal ?? '')?.[1] ?? '{}';
  const short = optionWords.find((word) => /^-[0oprtx]*i/.test(word.literal ?? ''));
  if (short === undefined) return null;
  return (short.literal ?? '').replace(/^-[0oprtx]*i/, '') || '{}';
}
