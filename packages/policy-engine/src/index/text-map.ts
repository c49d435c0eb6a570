import { BitFilter, sampledHash } from './bit-filter.js';

/** A map from texts for which most lookups find nothing; small ones go without the filter. */
export class TextMap<T> {
  private readonly entries = new Map<string, T>();
  private filter: BitFilter | null = null;

  get size(): number {
    return this.entries.size;
  }

  get(text: string): T | undefined {
    if (this.filter !== null && !this.filter.mayHold(sampledHash(text))) return undefined;
    return this.entries.get(text);
  }

  set(text: string, value: T): void {
    if (!this.entries.has(text)) this.note(text);
    this.entries.set(text, value);
  }

  values(): MapIterator<T> {
    return this.entries.values();
  }

  private note(text: string): void {
    if (this.filter !== null) this.filter.add(sampledHash(text));
    else if (this.entries.size >= UNFILTERED) {
      this.filter = new BitFilter();
      for (const known of this.entries.keys()) this.filter.add(sampledHash(known));
      this.filter.add(sampledHash(text));
    }
  }
}

const UNFILTERED = 32;
