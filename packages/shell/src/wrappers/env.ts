import type { Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';
import type { Opened } from './opened.js';
import { openPrefix } from './prefix.js';

/** Strings that `env -S` splits at blanks and leaves otherwise alone: no quotes, escapes, variables or comments. */
const PLAIN_SPLIT_STRING = /^[\w \t./:,@%+=-]*$/;

/** The value of `-S` in `-S x`, `-Sx`, `-iSx`, `--split-string=x`; the letters before `S` take no value. */
const SPLIT_OPTION = /^(?:-[iv0]*S(.*)|--s[a-z-]*(?:=(.*))?)$/s;

/** Opens `env`: options, assignments, a command, and `-S`, which splits one word into several. */
export function openEnv(words: Word[], wrapper: PrefixWrapper): Opened {
  const at = words.findIndex((word, index) => index > 0 && word.literal !== null && SPLIT_OPTION.test(word.literal));
  const option = words[at];
  // Behind a plain command word `-S` belongs to that command; then the first operand stands before it.
  if (option === undefined || firstOperand(words) < at) return openPrefix(words, wrapper);
  const match = SPLIT_OPTION.exec(option.literal ?? '');
  const attached = match?.[1] || match?.[2];
  const value = attached ?? words[at + 1]?.literal ?? null;
  const rest = words.slice(at + (attached ? 1 : 2));
  if (value === null || !PLAIN_SPLIT_STRING.test(value)) {
    return { own: null, inner: [], unknown: ['`env -S` splits a string by rules of its own.'] };
  }
  const split = value
    .split(/[ \t]+/)
    .filter((piece) => piece !== '')
    .map((piece): Word => ({ text: piece, literal: piece, dynamic: [], span: option.span }));
  const opened = openPrefix([...words.slice(0, at), ...split, ...rest], wrapper);
  return { ...opened, own: words.slice(0, at + (attached ? 1 : 2)) };
}

function firstOperand(words: readonly Word[]): number {
  const at = words.findIndex((word, index) => index > 0 && word.literal !== null && !/^-|=/.test(word.literal));
  return at < 0 ? words.length : at;
}
