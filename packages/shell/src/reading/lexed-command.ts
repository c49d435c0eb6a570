import type { Context, SimpleCommand, Word } from '../analysis.js';
import type { LexedCommand, LexedWord } from '../lexer/simple-line.js';
import type { Reading } from './reading.js';
import { touchesFile } from './touches-file.js';

/** A command of a line that the independent lexer understood wholly: every word is literal. */
export function lexedCommand(
  reading: Reading,
  line: readonly LexedCommand[],
  lexed: LexedCommand,
  index: number,
): SimpleCommand {
  const { source, spans } = reading;
  const argv: string[] = [];
  const words: Word[] = [];
  for (const word of lexed.words) {
    argv.push(word.value);
    words.push(lexedWord(source, spans, word));
  }
  return {
    text: source.slice(lexed.start, lexed.end),
    span: spans ? { start: lexed.start, end: lexed.end } : null,
    words,
    argv,
    assignments: lexed.assignments.map(({ name, value, start, valueStart, end }) => ({
      name,
      text: source.slice(start, end),
      value: lexedWord(source, spans, { value, start: valueStart, end }),
    })),
    redirections: lexed.redirections.map(({ operator, descriptor, target }) => ({
      operator,
      descriptor: descriptor < 0 ? null : String(descriptor),
      target: lexedWord(source, spans, target),
      touchesFile: touchesFile(operator, target.value),
      hereDocument: null,
    })),
    context: contextOf(reading.context, line, index),
    wrappedBy: reading.wrappedBy,
    wrapperPrefix: null,
    builtin: null,
    opaque: false,
    patternable: true,
    reasons: [],
  };
}

function lexedWord(source: string, spans: boolean, word: LexedWord): Word {
  return {
    text: source.slice(word.start, word.end),
    literal: word.value,
    dynamic: [],
    span: spans ? { start: word.start, end: word.end } : null,
  };
}

function contextOf(outer: readonly Context[], line: readonly LexedCommand[], index: number): Context[] {
  const context: Context[] = [...outer];
  if (line.length === 1) return context;
  if (line.some(({ joiner }) => joiner === ';' || joiner === '&&' || joiner === '||')) context.push('list');
  if (line[index]?.joiner === '|') context.push('pipeline-later');
  else if (line[index + 1]?.joiner === '|') context.push('pipeline-first');
  return context;
}
