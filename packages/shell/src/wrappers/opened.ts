import type { Assignment, Shell, Word } from '../analysis.js';

/** One command or one piece of shell code that a wrapper would run. */
export type Inner =
  | { kind: 'words'; words: Word[]; assignments: Assignment[] }
  /** Shell code. `exact` is false where an expansion will still change it: then it is only a guess, for display. */
  | { kind: 'code'; source: string; shell: Shell; exact: boolean };

/** What was found inside a command that runs others. */
export interface Opened {
  /** The wrapper's own words, or null when it wraps nothing. */
  own: Word[] | null;
  inner: Inner[];
  /** Something that it runs could not be determined; the sentences say what. */
  unknown: string[];
}

export const NOTHING_INSIDE: Opened = { own: null, inner: [], unknown: [] };

/** The code in a word that a shell will read: exact when the word is literal, else its text without the quotes. */
export function codeInWord(word: Word, shell: Shell): Inner {
  if (word.literal !== null) return { kind: 'code', source: word.literal, shell, exact: true };
  const quoted = /^"(.*)"$/s.exec(word.text);
  return { kind: 'code', source: quoted?.[1]?.replace(/\\(["\\$`])/g, '$1') ?? word.text, shell, exact: false };
}

/** The code that results when words are joined by blanks and handed to a shell (`ssh`, `watch`, `eval`). */
export function codeInWords(words: readonly Word[], shell: Shell): Inner {
  const [first] = words;
  if (words.length === 1 && first !== undefined) return codeInWord(first, shell);
  const pieces = words.map((word) => codeInWord(word, shell));
  return {
    kind: 'code',
    source: pieces.map((piece) => (piece.kind === 'code' ? piece.source : '')).join(' '),
    shell,
    exact: words.every((word) => word.literal !== null),
  };
}

/** The wrapper's own words: all but those that are the code or the command it runs. */
export function ownWords(words: readonly Word[], inside: readonly Word[]): Word[] {
  const used = new Set(inside);
  return words.filter((word) => !used.has(word));
}

/** A copy of a word that stands for something filled in later (`{}`, words from standard input). */
export function placeholder(word: Word): Word {
  return { ...word, literal: null, dynamic: [{ kind: 'unknown', text: word.text }] };
}

/** A word that is not on the line at all: what is appended from standard input. */
export const APPENDED_WORD: Word = {
  text: '…',
  literal: null,
  dynamic: [{ kind: 'unknown', text: 'words from standard input' }],
  span: null,
};
