import { BitFilter, finish } from './bit-filter.js';

/**
 * Finds the items whose required literal text could occur in a text, without trying each item. Every item is filed under
 * the hash of one run of up to six characters of its literals: the one that files the fewest items so far. A lookup walks
 * the text once, so its cost grows with the text and with real candidates, not with the number of items.
 */
export class GramIndex<T> {
  private readonly postings = new Map<number, T[]>();
  private readonly filter = new BitFilter();
  /** Which lengths of grams are filed. */
  private readonly lengths = new Array<boolean>(GRAM_LENGTH + 1).fill(false);

  /** Files an item under one of its literals. False when all of them are empty. */
  add(item: T, literals: readonly string[]): boolean {
    const gram = this.rarestGram(literals);
    if (gram === null) return false;
    const posting = this.postings.get(gram.hash);
    if (posting === undefined) {
      this.postings.set(gram.hash, [item]);
      this.filter.add(gram.hash);
    } else posting.push(item);
    this.lengths[gram.length] = true;
    return true;
  }

  /** Calls `visit` with every item whose gram occurs in the text; the same item may come more than once. */
  lookup(text: string, visit: (item: T) => void): void {
    for (let length = 1; length <= GRAM_LENGTH; length++)
      if (this.lengths[length] === true) this.lookupLength(text, length, visit);
  }

  private lookupLength(text: string, length: number, visit: (item: T) => void): void {
    if (text.length < length) return;
    const leaving = LEAVING[length] ?? 0;
    let rolling = rollingHash(text, 0, length);
    for (let end = length; ; end++) {
      const hash = finish(rolling + length);
      if (this.filter.mayHold(hash)) {
        const posting = this.postings.get(hash);
        if (posting !== undefined) for (const item of posting) visit(item);
      }
      if (end >= text.length) return;
      const gone = Math.imul(text.charCodeAt(end - length), leaving);
      rolling = (Math.imul(rolling - gone, BASE) + text.charCodeAt(end)) | 0;
    }
  }

  private rarestGram(literals: readonly string[]): { hash: number; length: number } | null {
    let best: { hash: number; length: number } | null = null;
    let bestCount = Number.POSITIVE_INFINITY;
    for (const literal of literals) {
      const length = Math.min(GRAM_LENGTH, literal.length);
      if (length === 0 || (best !== null && length < best.length)) continue;
      for (let at = 0; at + length <= literal.length; at++) {
        const hash = finish(rollingHash(literal, at, length) + length);
        const count = this.postings.get(hash)?.length ?? 0;
        if (best !== null && length === best.length && count >= bestCount) continue;
        best = { hash, length };
        bestCount = count;
      }
    }
    return best;
  }
}

const GRAM_LENGTH = 6;

/** Polynomial hash modulo 2^32, so that moving on by one character takes one step however long the grams are. */
const BASE = 0x01000193;

/** By length: what the first character of a gram was multiplied with. */
const LEAVING = Array.from({ length: GRAM_LENGTH + 1 }, (_, length) => {
  let power = 1;
  for (let times = 1; times < length; times++) power = Math.imul(power, BASE);
  return power;
});

function rollingHash(text: string, at: number, length: number): number {
  let hash = 0;
  for (let offset = 0; offset < length; offset++) hash = (Math.imul(hash, BASE) + text.charCodeAt(at + offset)) | 0;
  return hash;
}
