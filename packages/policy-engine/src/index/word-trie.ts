import type { PartialPattern, WordPattern } from '../pattern/word-pattern.js';
import { RuleBucket } from './rule-bucket.js';
import { WildcardEdges } from './wildcard-edges.js';

/** Which words a wildcard may cover. */
export interface WildcardGuard {
  /** May `*` or `**` cover word `at`? */
  covers(at: number): boolean;
  /** May the wildcards of a partly literal word cover the rest of word `at`? */
  coversPart(pattern: PartialPattern, at: number): boolean;
}

/** Deny and review rules: their wildcards cover everything. */
export const COVERS_ALL: WildcardGuard = { covers: () => true, coversPart: () => true };

class TrieNode {
  /** A single literal child is kept without a map: most nodes have one, and maps dominate the memory of a rule set. */
  onlyWord: string | null = null;
  onlyChild: TrieNode | null = null;
  literals: Map<string, TrieNode> | null = null;
  star: TrieNode | null = null;
  anyWords: TrieNode | null = null;
  wildcards: WildcardEdges<TrieNode> | null = null;
  bucket: RuleBucket | null = null;
  /** Last visit, so that a node is entered once for each word however many paths lead to it. */
  visit = 0;

  constructor(readonly isAnyWords: boolean) {}
}

let lastVisit = 0;

/**
 * Globs as a tree of words: all patterns are matched at once, word by word, following only the edges that fit. A word
 * that is not literal (null) follows wildcard edges alone. Time grows with the number of words and of patterns that
 * really fit so far, and never exponentially: at each word a node is entered at most once.
 */
export class WordTrie {
  private readonly root = new TrieNode(false);

  /** The bucket of a pattern, made at its first use. */
  bucketOf(pattern: readonly WordPattern[]): RuleBucket {
    let node = this.root;
    for (const word of pattern) node = childFor(node, word);
    node.bucket ??= new RuleBucket();
    return node.bucket;
  }

  /** The buckets of all patterns that match the words. */
  match(words: readonly (string | null)[], guard: WildcardGuard): RuleBucket[] {
    let current: TrieNode[] = [];
    let visit = ++lastVisit;
    enter(this.root, current, visit);
    for (let at = 0; at < words.length && current.length > 0; at++) {
      const next: TrieNode[] = [];
      visit = ++lastVisit;
      const word = words[at] ?? null;
      const covers = guard.covers(at);
      for (const node of current) {
        if (covers && node.isAnyWords) enter(node, next, visit);
        if (covers && node.star !== null) enter(node.star, next, visit);
        if (word === null) continue;
        const child = literalChild(node, word);
        if (child !== null) enter(child, next, visit);
        if (node.wildcards !== null) stepPartly(node.wildcards, word, at, guard, next, visit);
      }
      current = next;
    }
    const buckets: RuleBucket[] = [];
    for (const node of current) if (node.bucket !== null) buckets.push(node.bucket);
    return buckets;
  }

  /** Every bucket whose pattern could match some words that begin with the given literal one (all of them for null). */
  startingWith(first: string | null): RuleBucket[] {
    const buckets: RuleBucket[] = [];
    if (first === null) collect(this.root, buckets);
    else {
      const visit = ++lastVisit;
      const starts: TrieNode[] = [];
      const child = literalChild(this.root, first);
      if (child !== null) enter(child, starts, visit);
      if (this.root.star !== null) enter(this.root.star, starts, visit);
      if (this.root.anyWords !== null) enter(this.root.anyWords, starts, visit);
      if (this.root.wildcards !== null) stepPartly(this.root.wildcards, first, 0, COVERS_ALL, starts, visit);
      for (const node of starts) collect(node, buckets);
    }
    return [...new Set(buckets)];
  }
}

function enter(node: TrieNode, into: TrieNode[], visit: number): void {
  if (node.visit === visit) return;
  node.visit = visit;
  into.push(node);
  // "**" may stand for no word at all.
  if (node.anyWords !== null) enter(node.anyWords, into, visit);
}

function stepPartly(
  edges: WildcardEdges<TrieNode>,
  word: string,
  at: number,
  guard: WildcardGuard,
  into: TrieNode[],
  visit: number,
): void {
  edges.match(word, (node, pattern) => {
    if (guard.coversPart(pattern, at)) enter(node, into, visit);
  });
}

function literalChild(node: TrieNode, word: string): TrieNode | null {
  if (node.literals !== null) return node.literals.get(word) ?? null;
  return node.onlyWord === word ? node.onlyChild : null;
}

function childFor(node: TrieNode, word: WordPattern): TrieNode {
  switch (word.kind) {
    case 'literal':
      return literalChildFor(node, word.text);
    case 'any':
      node.star ??= new TrieNode(false);
      return node.star;
    case 'any-words':
      if (node.isAnyWords) return node;
      node.anyWords ??= new TrieNode(true);
      return node.anyWords;
    case 'partial':
      node.wildcards ??= new WildcardEdges();
      return node.wildcards.getOrAdd(word, () => new TrieNode(false));
  }
}

function literalChildFor(node: TrieNode, text: string): TrieNode {
  const known = literalChild(node, text);
  if (known !== null) return known;
  const child = new TrieNode(false);
  if (node.literals !== null) node.literals.set(text, child);
  else if (node.onlyWord === null) {
    node.onlyWord = text;
    node.onlyChild = child;
  } else {
    node.literals = new Map([[text, child]]);
    if (node.onlyChild !== null) node.literals.set(node.onlyWord, node.onlyChild);
    node.onlyWord = null;
    node.onlyChild = null;
  }
  return child;
}

function collect(node: TrieNode, into: RuleBucket[]): void {
  if (node.bucket !== null) into.push(node.bucket);
  if (node.onlyChild !== null) collect(node.onlyChild, into);
  if (node.literals !== null) for (const child of node.literals.values()) collect(child, into);
  if (node.star !== null) collect(node.star, into);
  if (node.anyWords !== null) collect(node.anyWords, into);
  node.wildcards?.all((child) => collect(child, into));
}
