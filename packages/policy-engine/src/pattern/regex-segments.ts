/**
 * What a regular expression says for certain: the literal pieces that every matching text holds, in order. Used to find
 * candidate rules without trying each one, so a piece that a match need not hold would hide a deny rule. Whatever this
 * reader does not know for certain becomes a gap, and a syntax it does not know makes the whole answer null.
 */
export type RegexSegment = string | typeof GAP;

/** Anything, or nothing. */
export const GAP = Symbol('gap');

interface Node {
  segments: RegexSegment[];
  /** Where alternatives stand: one text of each list is in every match. */
  anyOf: string[][];
}

/** The certain pieces of a regular expression in RE2 syntax. */
export interface RegexShape {
  segments: readonly RegexSegment[];
  anyOf: readonly (readonly string[])[];
}

const MAX_REPEATED_COPIES = 4;

const SIMPLE_QUANTIFIERS: ReadonlyMap<string, { least: number; most: number }> = new Map([
  ['*', { least: 0, most: Number.POSITIVE_INFINITY }],
  ['+', { least: 1, most: Number.POSITIVE_INFINITY }],
  ['?', { least: 0, most: 1 }],
]);

class UnknownSyntax extends Error {}

/** Reads the certain pieces of `source`, or null where its syntax is beyond this reader. Never throws. */
export function regexShape(source: string): RegexShape | null {
  try {
    const reader = new SegmentReader(source);
    return reader.readAll();
  } catch (error) {
    if (error instanceof UnknownSyntax || error instanceof RangeError) return null;
    throw error;
  }
}

class SegmentReader {
  private at = 0;
  private foldCase = false;

  constructor(private readonly source: string) {}

  readAll(): RegexShape {
    const node = this.readAlternation(0);
    if (this.at < this.source.length) throw new UnknownSyntax();
    return node;
  }

  private readAlternation(depth: number): Node {
    if (depth > 100) throw new UnknownSyntax();
    const foldCase = this.foldCase;
    const branches = [this.readConcatenation(depth)];
    while (this.source[this.at] === '|') {
      this.at++;
      branches.push(this.readConcatenation(depth));
    }
    this.foldCase = foldCase;
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : alternativesOf(branches);
  }

  private readConcatenation(depth: number): Node {
    const segments: RegexSegment[] = [];
    const anyOf: string[][] = [];
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      const node = this.readRepeated(depth);
      for (const segment of node.segments) appendSegment(segments, segment);
      anyOf.push(...node.anyOf);
    }
    return { segments, anyOf };
  }

  private readRepeated(depth: number): Node {
    let node = this.readAtom(depth);
    for (;;) {
      const bounds = this.readQuantifier();
      if (bounds === null) return node;
      node = repeat(node, bounds.least, bounds.most);
    }
  }

  private readQuantifier(): { least: number; most: number } | null {
    const rest = this.source.slice(this.at, this.at + 16);
    const counted = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*|))?\}/.exec(rest);
    let bounds: { least: number; most: number };
    if (counted !== null) {
      const least = Number(counted[1]);
      const most = counted[2] === undefined ? least : counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3]);
      bounds = { least, most };
      this.at += counted[0].length;
    } else {
      // Leading zeros and huge counts: RE2 may read a literal brace here.
      if (/^\{\d/.test(rest)) throw new UnknownSyntax();
      const simple = SIMPLE_QUANTIFIERS.get(this.source[this.at] ?? '');
      if (simple === undefined) return null;
      bounds = simple;
      this.at++;
    }
    if (this.source[this.at] === '?') this.at++;
    return bounds;
  }

  private readAtom(depth: number): Node {
    const character = this.source[this.at] ?? '';
    switch (character) {
      case '(':
        return this.readGroup(depth);
      case '[':
        return this.skipClass();
      case '.':
        this.at++;
        return gap();
      case '^':
      case '$':
        this.at++;
        return nothing();
      case '\\':
        return this.readEscape();
      case '*':
      case '+':
      case '?':
        throw new UnknownSyntax();
      default:
        this.at++;
        return this.literal(character);
    }
  }

  private literal(text: string): Node {
    // Where case does not matter, letters are not certain; beyond ASCII one character may be two units.
    if (text.charCodeAt(0) > 0x7f || (this.foldCase && text.toLowerCase() !== text.toUpperCase())) return gap();
    return { segments: [text], anyOf: [] };
  }

  private readGroup(depth: number): Node {
    const foldCase = this.foldCase;
    const rest = this.source.slice(this.at, this.at + 60);
    const named = /^\(\?P?<[A-Za-z_]\w*>/.exec(rest);
    const flags = /^\(\?([imsU]*)(?:-([imsU]*))?([:)])/.exec(rest);
    if (named !== null) this.at += named[0].length;
    else if (flags !== null) {
      this.at += flags[0].length;
      if (flags[1]?.includes('i')) this.foldCase = true;
      // Clearing the flag is rare; keeping it set is only less certain.
      if (flags[3] === ')') return this.nothingToRepeat();
    } else if (rest.startsWith('(?')) throw new UnknownSyntax();
    else this.at++;
    const node = this.readAlternation(depth + 1);
    if (this.source[this.at] !== ')') throw new UnknownSyntax();
    this.at++;
    this.foldCase = foldCase;
    return node;
  }

  private skipClass(): Node {
    this.at++;
    if (this.source[this.at] === '^') this.at++;
    if (this.source[this.at] === ']') this.at++;
    while (this.source[this.at] !== ']') {
      if (this.at >= this.source.length) throw new UnknownSyntax();
      const named = /^\[:\^?\w+:\]/.exec(this.source.slice(this.at, this.at + 20));
      if (named !== null) this.at += named[0].length;
      else this.at += this.source[this.at] === '\\' ? 2 : 1;
    }
    this.at++;
    return gap();
  }

  private readEscape(): Node {
    const next = this.source[this.at + 1] ?? '';
    if (next === 'Q') return this.readQuoted();
    this.at += 2;
    if ('AzbB'.includes(next) && next !== '') return nothing();
    if ('dDsSwWntrfva'.includes(next) && next !== '') return gap();
    if (next === 'p' || next === 'P') {
      const name = /^(\{[^}]*\}|[A-Za-z])/.exec(this.source.slice(this.at));
      if (name === null) throw new UnknownSyntax();
      this.at += name[0].length;
      return gap();
    }
    if (/[^A-Za-z0-9]/.test(next) && next.charCodeAt(0) < 0x80) return this.literal(next);
    throw new UnknownSyntax();
  }

  private readQuoted(): Node {
    const end = this.source.indexOf('\\E', this.at);
    const text = this.source.slice(this.at + 2, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + 2;
    if (text === '') return this.nothingToRepeat();
    // A quantifier behind \E belongs to the last character alone.
    const certain = !this.foldCase && !this.quantifierFollows() && /^[\x01-\x7f]*$/.test(text);
    return certain ? { segments: [text], anyOf: [] } : gap();
  }

  /** A quantifier behind something empty would belong to what stands before it. */
  private nothingToRepeat(): Node {
    if (this.quantifierFollows()) throw new UnknownSyntax();
    return nothing();
  }

  private quantifierFollows(): boolean {
    return /^[*+?{]/.test(this.source.slice(this.at, this.at + 1));
  }
}

const gap = (): Node => ({ segments: [GAP], anyOf: [] });
const nothing = (): Node => ({ segments: [], anyOf: [] });

function appendSegment(segments: RegexSegment[], segment: RegexSegment): void {
  const last = segments.length - 1;
  const previous = segments[last];
  if (typeof previous === 'string' && typeof segment === 'string') segments[last] = previous + segment;
  else if (previous !== GAP || segment !== GAP) segments.push(segment);
}

function repeat(node: Node, least: number, most: number): Node {
  if (least === 0) return gap();
  const segments: RegexSegment[] = [];
  const copies = Math.min(least, MAX_REPEATED_COPIES);
  for (let copy = 0; copy < copies; copy++) for (const segment of node.segments) appendSegment(segments, segment);
  if (most > copies) appendSegment(segments, GAP);
  return { segments, anyOf: node.anyOf };
}

/** Alternatives: nothing is certain in place, but one of their longest literals is there (if each has one). */
function alternativesOf(branches: readonly Node[]): Node {
  const choices = branches.map((branch) => longestLiteral(branch.segments));
  const complete = choices.every((choice) => choice !== '') && choices.length <= 64;
  return { segments: [GAP], anyOf: complete ? [choices] : [] };
}

/** The longest literal piece, or the empty string. */
export function longestLiteral(segments: readonly RegexSegment[]): string {
  let longest = '';
  for (const segment of segments) if (typeof segment === 'string' && segment.length > longest.length) longest = segment;
  return longest;
}
