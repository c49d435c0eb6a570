import type { SimpleCommand } from '@expacti/shell';

/** One word of a command that a rule is being made from. */
export interface PatternWord {
  text: string;
  /** After quote removal; null where the word is dynamic, and no allow pattern can ever cover it. */
  literal: string | null;
  /** The program, its options and plain words stay; what looks like a value may become a wildcard. */
  role: 'program' | 'option' | 'word' | 'value' | 'dynamic';
}

export function patternWords(command: SimpleCommand): PatternWord[] {
  return command.words.map(({ text, literal }, index) => ({ text, literal, role: roleOf(literal, index) }));
}

function roleOf(literal: string | null, index: number): PatternWord['role'] {
  if (literal === null) return 'dynamic';
  if (index === 0) return 'program';
  if (literal.startsWith('-') || literal.startsWith('+')) return 'option';
  return /^[a-z][a-z-]*$/.test(literal) ? 'word' : 'value';
}

/** May this word become a wildcard at all? Wildcards never cover the program, an option, or what is not literal. */
export function mayVary(word: PatternWord): boolean {
  return word.role === 'word' || word.role === 'value';
}

/** A glob of the words, `*` where one may vary; quoted so that the others stand for themselves. */
export function globPattern(command: SimpleCommand, wildcards: ReadonlySet<number>): string {
  const assignments = command.assignments.map((assignment) => assignment.text);
  const words = patternWords(command).map((word, index) =>
    wildcards.has(index) && mayVary(word) ? '*' : quoted(word.literal ?? word.text),
  );
  const redirections = command.redirections.flatMap(({ operator, target }) =>
    target?.literal ? [`${operator} ${quoted(target.literal)}`] : [],
  );
  return [...assignments, ...words, ...redirections].join(' ');
}

/** The same as a regular expression (RE2) over the normalized text, which is anchored at both ends by itself. */
export function regexPattern(command: SimpleCommand, wildcards: ReadonlySet<number>): string {
  return patternWords(command)
    .map((word, index) =>
      wildcards.has(index) && mayVary(word) ? '[^ ]+' : escaped(quoted(word.literal ?? word.text)),
    )
    .join(' ');
}

const PLAIN_WORD = /^[A-Za-z0-9_./:,=@%+-]+$/;

/** A word as the normalized text spells it: bare when it is plain, else in single quotes. */
function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
