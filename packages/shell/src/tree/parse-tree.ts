import { type ParsedScript, parse } from 'unbash';
import { MAX_NESTING, MAX_OPENERS } from '../limits.js';

const OPEN_PARENTHESIS = 40;
const CLOSE_PARENTHESIS = 41;
const BACKQUOTE = 96;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

export type ParsedTree = { tree: ParsedScript } | { failure: string };

/** Parses with the library; whatever it throws (its recursion has a limit) becomes a reason. */
export function parseTree(source: string): ParsedTree {
  try {
    return { tree: parse(source) };
  } catch {
    return { failure: 'The line is nested too deeply to be read.' };
  }
}

/**
 * Whether brackets and backquotes may be nested deeper than the recursive parser should be asked to go. It knows nothing
 * of quoting, so that a quoted `)` could make the depth look smaller: the plain number of openers is limited as well.
 */
export function isNestedTooDeeply(source: string): boolean {
  let openers = 0;
  let depth = 0;
  let deepest = 0;
  for (let position = 0; position < source.length; position++) {
    const code = source.charCodeAt(position);
    if (code === OPEN_PARENTHESIS || code === OPEN_BRACE) {
      openers++;
      if (++depth > deepest) deepest = depth;
    } else if (code === CLOSE_PARENTHESIS || code === CLOSE_BRACE) {
      if (depth > 0) depth--;
    } else if (code === BACKQUOTE) openers++;
  }
  return deepest > MAX_NESTING || openers > MAX_OPENERS;
}
