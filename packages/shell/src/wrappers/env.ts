import type { Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';
import type { Opened } from './opened.js';
import { openPrefix } from './prefix.js';

/** Strings that `env -S` splits at blanks and leaves otherwise alone: no quotes, escapes, variables or comments. */
const PLAIN_SPLIT_STRING = /^[\w \t./:,@%+=-]*$/;

/** The value of `-S` in `-S x`, `-Sx`, `-iSx`, `--split-string=x`; the letters before `S` take no value. */
const SPLIT_OPTION = /^(?:-[iv0]*S(.*)|--s[a-z-]*(?:=(.+))?)$/s;

/**
 * Opens `env`: options, assignments, a command, and `-S`, which splits one word into several. Behind other options `-S`
 * is an unknown option, which leaves the wrapper opaque.
 */
export function openEnv(words: Word[], wrapper: PrefixWrapper): Opened {
  const option = words[1];
  const match = SPLIT_OPTION.exec(option?.literal ?? '');
  if (option === undefined || match === null) return openPrefix(words, wrapper);
  const attached = match[1] || match[2];
  const value = attached ?? words[2]?.literal ?? null;
  const behind = attached === undefined || attached === '' ? 3 : 2;
  if (value === null || !PLAIN_SPLIT_STRING.test(value)) {
    return { own: null, inner: [], unknown: ['`env -S` splits a string by rules of its own.'] };
  }
  const split = value
    .split(/[ \t]+/)
    .filter((piece) => piece !== '')
    .map((piece): Word => ({ text: piece, literal: piece, dynamic: [], span: option.span }));
  const opened = openPrefix([...words.slice(0, 1), ...split, ...words.slice(behind)], wrapper);
  return { ...opened, own: words.slice(0, behind) };
}
