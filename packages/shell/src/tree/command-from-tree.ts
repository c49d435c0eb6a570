import type { Command, Assignment as TreeAssignment, Redirection as TreeRedirection } from 'unbash';
import type { Assignment, Context, Redirection, SimpleCommand, Word } from '../analysis.js';
import type { Reading } from '../reading/reading.js';
import { touchesFile } from '../reading/touches-file.js';
import type { Place } from './place.js';
import { wordFromText, wordFromTree } from './word-from-tree.js';

/** A simple command as the parser's tree has it. */
export function commandFromTree(reading: Reading, place: Place, node: Command, context: Context[]): SimpleCommand {
  const words: Word[] = node.name === undefined ? [] : [wordFromTree(node.name, place.spans)];
  for (const item of node.args) {
    words.push(item.type === 'Word' ? wordFromTree(item, place.spans) : wordFromText(item.text, item.pos, place.spans));
  }
  const assignments: Assignment[] = [];
  for (const item of node.prefix) if (item.type === 'Assignment') assignments.push(assignmentFromTree(place, item));
  return {
    text: place.source.slice(node.pos, node.end),
    span: place.spans ? { start: node.pos, end: node.end } : null,
    words,
    argv: literalArguments(words),
    assignments,
    redirections: node.redirects.map((redirect) => redirectionFromTree(place, redirect)),
    context,
    wrappedBy: reading.wrappedBy,
    wrapperPrefix: null,
    builtin: null,
    opaque: false,
    patternable: true,
    reasons: [],
  };
}

function literalArguments(words: readonly Word[]): string[] | null {
  const values: string[] = [];
  for (const { literal } of words) {
    if (literal === null) return null;
    values.push(literal);
  }
  return values;
}

function assignmentFromTree(place: Place, node: TreeAssignment): Assignment {
  const plain = node.index === undefined && !node.append && node.value.type === 'Word';
  return {
    name: node.name,
    text: node.text,
    value: plain && node.value.type === 'Word' ? wordFromTree(node.value, place.spans) : null,
  };
}

/** A redirection as the parser's tree has it; here-documents have no target. */
export function redirectionFromTree(place: Place, node: TreeRedirection): Redirection {
  const descriptor =
    node.descriptor === undefined ? null : place.source.slice(node.descriptor.pos, node.descriptor.end);
  if (node.type === 'HereDoc') return { operator: node.operator, descriptor, target: null, touchesFile: false };
  const target = node.target === undefined ? null : wordFromTree(node.target, place.spans);
  return {
    operator: node.operator,
    descriptor,
    target,
    touchesFile: touchesFile(node.operator, target?.literal ?? null),
  };
}

/** The text of a quoted (so not expanded) here-document or a literal here-string that the command reads, or null. */
export function bodyOfLiteralHereDocument(place: Place, redirects: readonly TreeRedirection[]): string | null {
  for (const node of redirects) {
    if (node.type === 'HereString' && node.target !== undefined)
      return wordFromTree(node.target, false).literal ?? node.target.text;
    if (node.type === 'HereDoc') return place.source.slice(node.body.pos, node.body.end);
  }
  return null;
}

/**
 * A line item for something that runs no program but can run code (`[[ … ]]`, `(( … ))`), or that only redirects. Its
 * words are not literal, so that no pattern covers it and every deny rule looks at it.
 */
export function pseudoCommand(
  reading: Reading,
  place: Place,
  node: { pos: number; end: number },
  context: Context[],
): SimpleCommand {
  const text = place.source.slice(node.pos, node.end);
  const span = place.spans ? { start: node.pos, end: node.end } : null;
  return {
    text,
    span,
    words: [{ text, literal: null, dynamic: [{ kind: 'arithmetic', text }], span }],
    argv: null,
    assignments: [],
    redirections: [],
    context,
    wrappedBy: reading.wrappedBy,
    wrapperPrefix: null,
    builtin: 'code',
    opaque: false,
    patternable: false,
    reasons: [],
  };
}
