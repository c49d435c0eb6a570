import { RESERVED_WORDS, RESERVED_WORDS_ELSEWHERE } from './data/reserved-words.js';

const SAFE_WORD = /^[A-Za-z0-9_./:,@%+-][A-Za-z0-9_./:,@%+=-]*$/;

/**
 * Writes one word so that bash, dash, zsh and POSIX shells read back exactly these characters (fish too, unless the word
 * holds a backslash or a single quote).
 */
export function quoteWord(word: string): string {
  if (SAFE_WORD.test(word) && !RESERVED_WORDS.has(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Writes an argument list as a command line; the first word is quoted where it would read as syntax or an assignment. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map((word, index) => (index === 0 ? quoteProgram(word) : quoteWord(word))).join(' ');
}

function quoteProgram(word: string): string {
  const quoted = quoteWord(word);
  const syntax =
    word.includes('=') || (RESERVED_WORDS_ELSEWHERE.has(word) && !/^(?:command)$/.test(word)) || word.startsWith('%');
  return syntax && quoted === word ? `'${word}'` : quoted;
}
