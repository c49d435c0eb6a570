/**
 * Finds the items whose required literal text could occur in a text, without trying each item. Every item is filed
 * under one run of up to three ASCII characters of its literal: the one that files the fewest items so far. A lookup
 * walks the text once, so its cost grows with the text and with real candidates, not with the number of items.
 */
export class GramIndex<T> {
  private readonly postings = new Map<number, T[]>();
  /** One bit per hash of a filed gram: most positions of a text cost one bit test and no map lookup. */
  private readonly filter = new Uint32Array(FILTER_WORDS);
  private readonly lengths = [false, false, false, false];

  /** Files an item under its literals. False when none of them has a usable character. */
  add(item: T, literals: readonly string[]): boolean {
    const gram = this.rarestGram(literals);
    if (gram < 0) return false;
    const posting = this.postings.get(gram);
    if (posting === undefined) this.postings.set(gram, [item]);
    else posting.push(item);
    this.filter[filterWord(gram)] = (this.filter[filterWord(gram)] ?? 0) | filterBit(gram);
    this.lengths[gramLength(gram)] = true;
    return true;
  }

  /** Calls `visit` with every item whose gram occurs in the text; the same item may come more than once. */
  lookup(text: string, visit: (item: T) => void): void {
    let first = NO_CODE;
    let second = NO_CODE;
    const [, ones, twos, threes] = this.lengths;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const third = code > 0x7f ? NO_CODE : code;
      if (third !== NO_CODE) {
        if (threes === true && second !== NO_CODE && first !== NO_CODE)
          this.visitGram((3 << 21) | (first << 14) | (second << 7) | third, visit);
        if (twos === true && second !== NO_CODE) this.visitGram((2 << 21) | (second << 7) | third, visit);
        if (ones === true) this.visitGram((1 << 21) | third, visit);
      }
      first = second;
      second = third;
    }
  }

  private visitGram(gram: number, visit: (item: T) => void): void {
    if (((this.filter[filterWord(gram)] ?? 0) & filterBit(gram)) === 0) return;
    const posting = this.postings.get(gram);
    if (posting === undefined) return;
    for (const item of posting) visit(item);
  }

  private rarestGram(literals: readonly string[]): number {
    let best = -1;
    let bestLength = 0;
    let bestCount = Number.POSITIVE_INFINITY;
    for (const literal of literals) {
      for (const gram of gramsOf(literal)) {
        const length = gramLength(gram);
        const count = this.postings.get(gram)?.length ?? 0;
        if (length > bestLength || (length === bestLength && count < bestCount)) {
          best = gram;
          bestLength = length;
          bestCount = count;
        }
      }
    }
    return best;
  }
}

const NO_CODE = -1;
const FILTER_BITS = 16;
const FILTER_WORDS = (1 << FILTER_BITS) / 32;

const hash = (gram: number): number => Math.imul(gram, 0x9e3779b1) >>> (32 - FILTER_BITS);
const filterWord = (gram: number): number => hash(gram) >>> 5;
const filterBit = (gram: number): number => 1 << (hash(gram) & 31);
const gramLength = (gram: number): number => gram >>> 21;

/** The grams of a literal: of three characters where it is long enough, else the longest it has. */
function gramsOf(literal: string): number[] {
  const grams: number[] = [];
  for (let length = Math.min(3, literal.length); length > 0 && grams.length === 0; length--) {
    for (let at = 0; at + length <= literal.length; at++) {
      const gram = gramAt(literal, at, length);
      if (gram >= 0) grams.push(gram);
    }
  }
  return grams;
}

function gramAt(text: string, at: number, length: number): number {
  let gram = length;
  for (let offset = 0; offset < 3; offset++) {
    const code = offset < 3 - length ? 0 : text.charCodeAt(at + offset - (3 - length));
    if (code > 0x7f) return -1;
    gram = (gram << 7) | code;
  }
  return gram;
}
