import type { Command, Assignment as TreeAssignment, Redirection as TreeRedirection } from 'unbash';
import type { Assignment, Context, Redirection, SimpleCommand, Word } from '../analysis.js';
import type { Reading } from '../reading/reading.js';
import { touchesFile } from '../reading/touches-file.js';
import type { Place } from './place.js';
import { wordFromText, wordFromTree } from './word-from-tree.js';

/** A simple command as the parser's tree has it. */
export function commandFromTree(reading: Reading, place: Place, node: Command, context: Context[]): SimpleCommand {
  const words = wordsFromTree(place, node);
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

/** The words of a command; where the parser splits one shell word in two (`a<(x)`), the pieces are put together again. */
function wordsFromTree(place: Place, node: Command): Word[] {
  const words: Word[] = [];
  let end = -1;
  for (const item of node.name === undefined ? node.args : [node.name, ...node.args]) {
    const word =
      item.type === 'Word' ? wordFromTree(item, place.spans) : wordFromText(item.text, item.pos, place.spans);
    const previous = item.pos === end ? words.pop() : undefined;
    words.push(previous === undefined ? word : joinWords(previous, word));
    end = item.end;
  }
  return words;
}

function joinWords(one: Word, other: Word): Word {
  const dynamic = [...one.dynamic, ...other.dynamic];
  const text = one.text + other.text;
  return {
    text,
    literal: null,
    dynamic: dynamic.length === 0 ? [{ kind: 'unknown', text }] : dynamic,
    span: one.span === null || other.span === null ? null : { start: one.span.start, end: other.span.end },
  };
}

/** A redirection as the parser's tree has it; here-documents have no target. */
export function redirectionFromTree(place: Place, node: TreeRedirection): Redirection {
  const { operator } = node;
  const descriptor = node.descriptor === undefined ? null : textAt(place, node.descriptor);
  if (node.type === 'HereDoc') {
    const span = place.spans ? { start: node.body.pos, end: node.body.end } : null;
    const hereDocument = { text: textAt(place, node.body), span, expands: node.delimiter?.quoted !== true };
    return { operator, descriptor, target: null, touchesFile: false, hereDocument };
  }
  const target = node.target === undefined ? null : wordFromTree(node.target, place.spans);
  const touches = touchesFile(operator, target?.literal ?? null);
  return { operator, descriptor, target, touchesFile: touches, hereDocument: null };
}

/** What the command reads from a here-document or a here-string, as far as the line spells it out; or null. */
export function standardInputOf(command: SimpleCommand): string | null {
  for (const { operator, target, hereDocument } of command.redirections) {
    if (hereDocument !== null) return hereDocument.text;
    if (operator === '<<<' && target !== null) return target.literal ?? target.text;
  }
  return null;
}

function textAt(place: Place, node: { pos: number; end: number }): string {
  return place.source.slice(node.pos, node.end);
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
