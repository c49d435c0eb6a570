import type { RegexPattern } from '../pattern/regex-pattern.js';
import { GAP, longestLiteral, type RegexShape, regexShape } from '../pattern/regex-segments.js';
import { GramIndex } from './gram-index.js';
import { RuleBucket } from './rule-bucket.js';

interface RegexItem {
  regex: RegexPattern;
  /** Literal pieces that a matching text holds in this order; none where the expression has a literal head to compare. */
  pieces: readonly string[];
  bucket: RuleBucket;
}

/** A regular expression that matched, or one that is not valid (`valid: false`) and so might. */
export interface RegexHit {
  bucket: RuleBucket;
  valid: boolean;
}

/** Regular expressions, found by the literal text that their matches must hold. Equal expressions are kept once. */
export class RegexIndex {
  private readonly bySource = new Map<string, RegexItem>();
  private readonly grams = new GramIndex<RegexItem>();
  /** Those without any certain literal: tried each time. */
  private readonly rest: RegexItem[] = [];

  bucketOf(regex: RegexPattern): RuleBucket {
    const known = this.bySource.get(regex.source);
    if (known !== undefined) return known.bucket;
    const shape = regexShape(regex.source);
    const pieces = shape === null ? [] : shape.segments.filter((segment) => segment !== GAP);
    const hasHead = typeof shape?.segments[0] === 'string';
    const item: RegexItem = { regex, pieces: hasHead ? [] : pieces, bucket: new RuleBucket() };
    this.bySource.set(regex.source, item);
    if (!this.file(item, shape, pieces)) this.rest.push(item);
    return item.bucket;
  }

  private file(item: RegexItem, shape: RegexShape | null, pieces: readonly string[]): boolean {
    if (shape === null) return false;
    const enough = longestLiteral(shape.segments).length >= ENOUGH;
    const choices = shape.anyOf.find((texts) => texts.every((text) => text.length >= 2));
    if (!enough && choices !== undefined) {
      for (const text of choices) this.grams.add(item, [text]);
      return true;
    }
    return this.grams.add(item, pieces);
  }

  /** The expressions that match the text. */
  match(text: string): RegexHit[] {
    if (this.bySource.size === 0) return NO_HITS;
    const hits: RegexHit[] = [];
    const tried: RegexItem[] = [];
    const attempt = (item: RegexItem): void => {
      if (tried.includes(item)) return;
      tried.push(item);
      const matched = holdsInOrder(text, item.pieces) ? item.regex.matches(text) : false;
      if (matched !== false) hits.push({ bucket: item.bucket, valid: matched !== null });
    };
    this.grams.lookup(text, attempt);
    for (const item of this.rest) attempt(item);
    return hits;
  }

  /** Every bucket: what could match where the text is not known. */
  all(): RuleBucket[] {
    return Array.from(this.bySource.values(), (item) => item.bucket);
  }
}

/** A literal of this length files better than a choice of alternatives. */
const ENOUGH = 3;
const NO_HITS: RegexHit[] = [];

function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  let from = 0;
  for (const piece of pieces) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}
