import { BitFilter, finish, mix } from './bit-filter.js';

/** Values filed under the start or the end of a word, found in one walk along the word. */
export class Affixes<T> {
  private readonly values = new Map<string, T[]>();
  private readonly filter = new BitFilter();
  /** By length: is any affix that long filed? */
  private readonly lengths: boolean[] = [];

  constructor(private readonly side: 'start' | 'end') {}

  add(affix: string, value: T): void {
    const values = this.values.get(affix);
    if (values !== undefined) {
      values.push(value);
      return;
    }
    this.values.set(affix, [value]);
    while (this.lengths.length <= affix.length) this.lengths.push(false);
    this.lengths[affix.length] = true;
    let hash = 0;
    for (let at = 0; at < affix.length; at++) hash = mix(hash, this.codeAt(affix, at));
    this.filter.add(finish(hash));
  }

  /** Visits the values of every affix that the word has. */
  lookup(word: string, visit: (value: T) => void): void {
    const longest = Math.min(word.length, this.lengths.length - 1);
    let hash = 0;
    for (let length = 1; length <= longest; length++) {
      hash = mix(hash, this.codeAt(word, length - 1));
      if (this.lengths[length] !== true || !this.filter.mayHold(finish(hash))) continue;
      const values = this.values.get(this.side === 'start' ? word.slice(0, length) : word.slice(word.length - length));
      if (values !== undefined) for (const value of values) visit(value);
    }
  }

  /** Characters counted from the side where the affixes stand. */
  private codeAt(word: string, at: number): number {
    return word.charCodeAt(this.side === 'start' ? at : word.length - 1 - at);
  }
}
