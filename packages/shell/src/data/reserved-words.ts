/**
 * Words with a meaning of their own where a command's name would stand. Union of bash 5.3 (reserved words),
 * POSIX 2.4, zsh 5.9 (reserved words and precommand modifiers) and the documented reserved list of POSIX (`[[`, `function`, `select`).
 */
export const RESERVED_WORDS: ReadonlySet<string> = new Set([
  '!',
  '{',
  '}',
  '[[',
  ']]',
  'case',
  'coproc',
  'do',
  'done',
  'elif',
  'else',
  'esac',
  'fi',
  'for',
  'function',
  'if',
  'in',
  'namespace',
  'select',
  'then',
  'time',
  'until',
  'while',
]);

/** Further words that zsh or fish treat as syntax and that bash would look up as a program. */
export const RESERVED_WORDS_ELSEWHERE: ReadonlySet<string> = new Set([
  '-',
  'and',
  'begin',
  'command',
  'else',
  'end',
  'float',
  'foreach',
  'integer',
  'nocorrect',
  'noglob',
  'not',
  'or',
  'repeat',
  'switch',
]);
