/**
 * Says of most absent keys that they are absent, by two bits in a small table (a Bloom filter over 32-bit hashes). The
 * tables behind it hold many thousands of keys far apart in memory, and nearly every lookup is for a key that is not there:
 * the filter keeps the cost of those from growing with the table.
 */
export class BitFilter {
  private bits = new Uint32Array(1);
  private hashes: number[] = [];

  add(hash: number): void {
    this.hashes.push(hash);
    if (this.hashes.length * BITS_PER_KEY > this.bits.length * 32) this.grow();
    else this.mark(hash);
  }

  mayHold(hash: number): boolean {
    const { bits } = this;
    const mask = bits.length * 32 - 1;
    const first = hash & mask;
    if (((bits[first >>> 5] ?? 0) & (1 << (first & 31))) === 0) return false;
    const second = secondHash(hash) & mask;
    return ((bits[second >>> 5] ?? 0) & (1 << (second & 31))) !== 0;
  }

  private mark(hash: number): void {
    const mask = this.bits.length * 32 - 1;
    const first = hash & mask;
    const second = secondHash(hash) & mask;
    this.bits[first >>> 5] = (this.bits[first >>> 5] ?? 0) | (1 << (first & 31));
    this.bits[second >>> 5] = (this.bits[second >>> 5] ?? 0) | (1 << (second & 31));
  }

  private grow(): void {
    this.bits = new Uint32Array(this.bits.length * 4);
    for (const hash of this.hashes) this.mark(hash);
  }
}

const BITS_PER_KEY = 16;

const secondHash = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 7;

/** Hash of a text's length, start, end and some characters between: cheap, and different for most different texts. */
export function sampledHash(text: string): number {
  const { length } = text;
  let hash = length;
  const step = length <= SAMPLED ? 1 : length / SAMPLED;
  for (let at = length - 1; at >= 0; at -= step) hash = mix(hash, text.charCodeAt(at | 0));
  return finish(hash);
}

const SAMPLED = 24;

/** One step of a hash over characters; `finish` ends it. */
export const mix = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193) ^ (hash >>> 15);

export function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 13), 0x5bd1e995);
  return (mixed ^ (mixed >>> 16)) & 0x3fffffff;
}
