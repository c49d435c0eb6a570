import { matchesPartial, type PartialPattern } from '../pattern/word-pattern.js';
import { GramIndex } from './gram-index.js';

interface Edge<T> {
  pattern: PartialPattern;
  value: T;
}

/**
 * The partly wildcard words (`web-*`, `*.log`, `*prod*`) that may follow at one place. They are found by their literal
 * start, else their literal end, else by what they hold inside, so that a thousand of them cost little more than one.
 */
export class WildcardEdges<T> {
  private readonly byKey = new Map<string, Edge<T>>();
  private readonly byPrefix = new Affixes<T>((word, length) => word.slice(0, length));
  private readonly bySuffix = new Affixes<T>((word, length) => word.slice(word.length - length));
  private inner: GramIndex<Edge<T>> | null = null;
  private readonly rest: Edge<T>[] = [];

  /** The value filed under this pattern, made at its first use. */
  getOrAdd(pattern: PartialPattern, make: () => T): T {
    const known = this.byKey.get(pattern.key);
    if (known !== undefined) return known.value;
    const edge = { pattern, value: make() };
    this.byKey.set(pattern.key, edge);
    if (pattern.prefix !== '' && pattern.prefix.length >= pattern.suffix.length)
      this.byPrefix.add(pattern.prefix, edge);
    else if (pattern.suffix !== '') this.bySuffix.add(pattern.suffix, edge);
    else if (pattern.runs.length === 0) this.rest.push(edge);
    else this.addInner(edge);
    return edge.value;
  }

  /** Visits the values of all patterns that match the word; one may be visited twice. */
  match(word: string, visit: (value: T, pattern: PartialPattern) => void): void {
    const check = (edge: Edge<T>): void => {
      if (matchesPartial(edge.pattern, word)) visit(edge.value, edge.pattern);
    };
    this.byPrefix.lookup(word, check);
    this.bySuffix.lookup(word, check);
    this.inner?.lookup(word, check);
    for (const edge of this.rest) check(edge);
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

class Affixes<T> {
  private readonly edges = new Map<string, Edge<T>[]>();
  private lengths: number[] = [];

  constructor(private readonly cut: (word: string, length: number) => string) {}

  add(affix: string, edge: Edge<T>): void {
    const edges = this.edges.get(affix);
    if (edges !== undefined) {
      edges.push(edge);
      return;
    }
    this.edges.set(affix, [edge]);
    if (!this.lengths.includes(affix.length)) this.lengths = [...this.lengths, affix.length].sort((a, b) => a - b);
  }

  lookup(word: string, visit: (edge: Edge<T>) => void): void {
    for (const length of this.lengths) {
      if (length > word.length) return;
      const edges = this.edges.get(this.cut(word, length));
      if (edges !== undefined) for (const edge of edges) visit(edge);
    }
  }
}
