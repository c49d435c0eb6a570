import type { Shell } from '../analysis.js';
import { RESERVED_WORDS_ELSEWHERE } from '../data/reserved-words.js';
import type { LexedCommand, LexedRedirection, LexedWord } from '../lexer/simple-line.js';

/** Raw words that zsh reads as bash does: no `=` in front, no globs, braces, `^`, `#`, `~`, no escapes but of punctuation. */
const ZSH_WORD = /^(?!=)(?:[\w./:,@%+=-]|[^\0-\x7f]|'[^']*'|"(?:[^"\\$`!]|\\["\\])*"|\\[^\w\s])*$/;
/** Raw words that fish reads as bash does: within quotes its escapes differ, so none are left. */
const FISH_WORD = /^(?![=%])(?:[\w./:,@+=-]|[^\0-\x7f]|'[^'\\]*'|"[^"\\$`!]*")*$/;
/** Between the words only operators may stand: comments and continuations are read differently at some prompts. */
const BETWEEN_WORDS = /^[ \t\n;|&<>]*$/;

/**
 * Whether a line that bash and dash read alike means the same to zsh or fish; null when it does (always for the
 * others), else the reason. Sources: zshexpn(1), zshmisc(1), the fish language reference.
 */
export function portabilityDoubt(source: string, shell: Shell, commands: readonly LexedCommand[]): string | null {
  if (shell !== 'zsh' && shell !== 'fish') return null;
  const wordPattern = shell === 'zsh' ? ZSH_WORD : FISH_WORD;
  let position = 0;
  for (const command of commands) {
    const doubt = commandDoubt(command, shell);
    if (doubt !== null) return doubt;
    for (const word of wordsInOrder(command)) {
      const raw = source.slice(word.start, word.end);
      if (!wordPattern.test(raw)) return `${shell} may read \`${raw}\` differently.`;
      if (!BETWEEN_WORDS.test(source.slice(position, word.start).replace(/[ \t][0-9](?=[<>])/g, ' '))) {
        return `${shell} may read comments or continuations differently.`;
      }
      position = word.end;
    }
  }
  return BETWEEN_WORDS.test(source.slice(position)) ? null : `${shell} may read comments or continuations differently.`;
}

function commandDoubt(command: LexedCommand, shell: 'zsh' | 'fish'): string | null {
  const name = command.words[0];
  if (name === undefined) return `${shell} reads a line without a program differently.`;
  if (RESERVED_WORDS_ELSEWHERE.has(name.value)) return `${shell} reads \`${name.value}\` as syntax.`;
  if (shell === 'fish' && command.assignments.length > 0) return 'fish reads assignments differently.';
  return command.redirections.every((redirection) => isPlain(redirection, command.redirections))
    ? null
    : `${shell} may read a redirection differently.`;
}

/** `>`, `>>`, `<` to a named file, or a copy of a descriptor; each descriptor once (zsh writes to all of them). */
function isPlain(redirection: LexedRedirection, all: readonly LexedRedirection[]): boolean {
  const { operator, target } = redirection;
  const own = descriptorOf(redirection);
  if (all.some((other) => other !== redirection && descriptorOf(other) === own)) return false;
  if (operator === '>&' || operator === '<&') return /^\d$/.test(target.value);
  return (operator === '>' || operator === '>>' || operator === '<') && /^[A-Za-z_./]/.test(target.value);
}

function descriptorOf({ operator, descriptor }: LexedRedirection): number {
  if (descriptor >= 0) return descriptor;
  return operator.startsWith('<') ? 0 : 1;
}

function wordsInOrder(command: LexedCommand): LexedWord[] {
  const targets = command.redirections.map(({ target }) => target);
  return [...command.assignments, ...command.words, ...targets].sort((one, other) => one.start - other.start);
}
