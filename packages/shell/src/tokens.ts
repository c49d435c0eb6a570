import type { SimpleCommand, Token, Word } from './analysis.js';
import { RESERVED_WORDS } from './data/reserved-words.js';

const GAP = /(#[^\n]*)|(\d*[<>][<>&|]*|&>+|[;&|(){}!]+)|([^\s;&|<>(){}!#]+)/g;

/**
 * Cuts a line into pieces for colouring, from the commands found in it. Words of commands become tokens of their own;
 * what lies between them is comments, operators and reserved words. Pieces are in order and never overlap: of two that
 * do, the outer one stays.
 */
export function tokenize(source: string, commands: readonly SimpleCommand[]): Token[] {
  const pieces: Token[] = [];
  for (const command of commands) if (command.wrappedBy === null) addCommandTokens(pieces, command);
  pieces.sort((one, other) => one.span.start - other.span.start || other.span.end - one.span.end);
  const tokens: Token[] = [];
  let position = 0;
  for (const piece of pieces) {
    if (piece.span.start < position || piece.span.end <= piece.span.start) continue;
    addGapTokens(tokens, source, position, piece.span.start);
    tokens.push(piece);
    position = piece.span.end;
  }
  addGapTokens(tokens, source, position, source.length);
  return tokens;
}

function addCommandTokens(tokens: Token[], command: SimpleCommand): void {
  for (const { value, text } of command.assignments) {
    const span = value?.span;
    if (span) tokens.push({ kind: 'assignment', span: { start: span.end - text.length, end: span.end } });
  }
  for (const redirection of command.redirections) {
    const span = redirection.target?.span;
    if (span) tokens.push({ kind: 'redirection', span });
    if (redirection.hereDocument?.span) tokens.push({ kind: 'heredoc', span: redirection.hereDocument.span });
  }
  command.words.forEach((word, index) => {
    if (word.span !== null) tokens.push({ kind: kindOf(word, index), span: word.span });
  });
}

function kindOf(word: Word, index: number): Token['kind'] {
  if (word.literal === null) return 'dynamic';
  if (index === 0) return 'program';
  return word.literal.startsWith('-') ? 'option' : 'literal';
}

function addGapTokens(tokens: Token[], source: string, start: number, end: number): void {
  if (start >= end) return;
  for (const match of source.slice(start, end).matchAll(GAP)) {
    const [text, comment, operator] = match;
    const span = { start: start + match.index, end: start + match.index + text.length };
    tokens.push({ kind: gapKind(text, comment, operator), span });
  }
}

function gapKind(text: string, comment: string | undefined, operator: string | undefined): Token['kind'] {
  if (comment !== undefined) return 'comment';
  if (operator !== undefined) return /[<>]/.test(operator) ? 'redirection' : 'operator';
  return RESERVED_WORDS.has(text) ? 'keyword' : 'dynamic';
}
