import { matchesPartial, type PartialPattern } from '../pattern/word-pattern.js';
import { Affixes } from './affixes.js';
import { GramIndex } from './gram-index.js';

interface Edge<T> {
  pattern: PartialPattern;
  /** The longest literal run: most words that do not match lack it. */
  needle: string;
  value: T;
}

/**
 * The partly wildcard words (`web-*`, `*.log`, `*prod*`) that may follow at one place. They are found by their literal
 * start, else their literal end, else by what they hold inside, so that a thousand of them cost little more than one.
 */
export class WildcardEdges<T> {
  private readonly byKey = new Map<string, Edge<T>>();
  private byPrefix: Affixes<Edge<T>> | null = null;
  private bySuffix: Affixes<Edge<T>> | null = null;
  private inner: GramIndex<Edge<T>> | null = null;
  private readonly rest: Edge<T>[] = [];

  /** The value filed under this pattern, made at its first use. */
  getOrAdd(pattern: PartialPattern, make: () => T): T {
    const known = this.byKey.get(pattern.key);
    if (known !== undefined) return known.value;
    const needle = pattern.runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
    const edge = { pattern, needle, value: make() };
    this.byKey.set(pattern.key, edge);
    if (pattern.prefix !== '' && pattern.prefix.length >= pattern.suffix.length) this.addPrefix(edge);
    else if (pattern.suffix !== '') this.addSuffix(edge);
    else if (pattern.runs.length === 0) this.rest.push(edge);
    else this.addInner(edge);
    return edge.value;
  }

  /** Visits the values of all patterns that match the word; one may be visited twice. */
  match(word: string, visit: (value: T, pattern: PartialPattern) => void): void {
    const check = (edge: Edge<T>): void => {
      if (word.includes(edge.needle) && matchesPartial(edge.pattern, word)) visit(edge.value, edge.pattern);
    };
    this.byPrefix?.lookup(word, check);
    this.bySuffix?.lookup(word, check);
    this.inner?.lookup(word, check);
    for (const edge of this.rest) check(edge);
  }

  private addPrefix(edge: Edge<T>): void {
    this.byPrefix ??= new Affixes('start');
    this.byPrefix.add(edge.pattern.prefix, edge);
  }

  private addSuffix(edge: Edge<T>): void {
    this.bySuffix ??= new Affixes('end');
    this.bySuffix.add(edge.pattern.suffix, edge);
  }

  private addInner(edge: Edge<T>): void {
    this.inner ??= new GramIndex();
    if (!this.inner.add(edge, edge.pattern.runs)) this.rest.push(edge);
  }

  /** Visits every value. */
  all(visit: (value: T) => void): void {
    for (const edge of this.byKey.values()) visit(edge.value);
  }
}
