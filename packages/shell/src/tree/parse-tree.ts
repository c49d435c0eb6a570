import { type ParsedScript, parse } from 'unbash';
import { MAX_NESTING, MAX_OPENERS } from '../limits.js';

const OPENERS = '([{';
const CLOSERS = ')]}';
const OPENS = 1;
const CLOSES = 2;
const COUNTS = 3;
const EFFECT = new Uint8Array(128);
for (const character of OPENERS) EFFECT[character.charCodeAt(0)] = OPENS;
for (const character of CLOSERS) EFFECT[character.charCodeAt(0)] = CLOSES;
// Backquotes and here-documents nest too, but opening and closing look alike.
for (const character of '`<') EFFECT[character.charCodeAt(0)] = COUNTS;

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
    const effect = code < 128 ? EFFECT[code] : 0;
    if (effect === 0) continue;
    if (effect === CLOSES) {
      if (depth > 0) depth--;
      continue;
    }
    openers++;
    if (effect === OPENS && ++depth > deepest) deepest = depth;
  }
  return deepest > MAX_NESTING || openers > MAX_OPENERS;
}
