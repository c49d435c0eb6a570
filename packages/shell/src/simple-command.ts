import type { Context, SimpleCommand, Word } from './analysis.js';
import type { LexedCommand, LexedWord } from './lexer/simple-line.js';

const NULL_FILES = new Set(['/dev/null', '/dev/stdin', '/dev/stdout', '/dev/stderr']);

/** Whether a redirection with this operator and target reads or writes a file. Null stands for a target that is not literal. */
export function touchesFile(operator: string, target: string | null): boolean {
  if (operator.startsWith('<<')) return false;
  if (target === null) return true;
  if (operator.endsWith('&') && /^(?:\d+-?|-)$/.test(target)) return false;
  return !NULL_FILES.has(target);
}

/** A command of a line that the independent lexer understood wholly: every word is literal. */
export function simpleCommandFromLexed(
  source: string,
  line: readonly LexedCommand[],
  lexed: LexedCommand,
  index: number,
): SimpleCommand {
  const argv: string[] = [];
  const words: Word[] = [];
  for (const word of lexed.words) {
    argv.push(word.value);
    words.push(wordFromLexed(source, word));
  }
  return {
    text: source.slice(lexed.start, lexed.end),
    span: { start: lexed.start, end: lexed.end },
    words,
    argv,
    assignments: lexed.assignments.map((assignment) => ({
      name: assignment.name,
      text: source.slice(assignment.start, assignment.end),
      value: wordFromLexed(source, { value: assignment.value, start: assignment.valueStart, end: assignment.end }),
    })),
    redirections: lexed.redirections.map(({ operator, descriptor, target }) => ({
      operator,
      descriptor: descriptor < 0 ? null : String(descriptor),
      target: wordFromLexed(source, target),
      touchesFile: touchesFile(operator, target.value),
    })),
    context: contextOf(line, index),
    wrappedBy: null,
    wrapperPrefix: null,
    builtin: null,
    opaque: false,
    patternable: true,
    reasons: [],
  };
}

function wordFromLexed(source: string, word: LexedWord): Word {
  return {
    text: source.slice(word.start, word.end),
    literal: word.value,
    dynamic: [],
    span: { start: word.start, end: word.end },
  };
}

function contextOf(line: readonly LexedCommand[], index: number): Context[] {
  const context: Context[] = [];
  if (line.some(({ joiner }) => joiner === ';' || joiner === '&&' || joiner === '||')) context.push('list');
  if (line[index]?.joiner === '|') context.push('pipeline-later');
  else if (line[index + 1]?.joiner === '|') context.push('pipeline-first');
  return context;
}
