import { matchesPartial, type PartialPattern, type WordPattern } from '../pattern/word-pattern.js';
import { RuleBucket } from './rule-bucket.js';
import { TextMap } from './text-map.js';
import { WildcardEdges } from './wildcard-edges.js';

/** Which words a wildcard may cover. */
export interface WildcardGuard {
  /** May `*` or `**` cover word `at`? */
  covers(at: number): boolean;
  /** May `**` cover every word from `at` on? */
  coversRest(at: number): boolean;
  /** May the wildcards of a partly literal word cover the rest of word `at`? */
  coversPart(pattern: PartialPattern, at: number): boolean;
}

/** Deny and review rules: their wildcards cover everything. */
export const COVERS_ALL: WildcardGuard = { covers: () => true, coversRest: () => true, coversPart: () => true };

class TrieNode {
  /** A single literal child is kept without a map: most nodes have one, and maps dominate the memory of a rule set. */
  onlyWord: string | null = null;
  onlyChild: TrieNode | null = null;
  literals: TextMap<TrieNode> | null = null;
  star: TrieNode | null = null;
  anyWords: TrieNode | null = null;
  wildcards: WildcardEdges<TrieNode> | null = null;
  bucket: RuleBucket | null = null;
  /** The only pattern below this node, kept as it is instead of as nodes: most patterns end in words that no other has. */
  leaf: Leaf | null = null;
  /** Last visit, so that a node is entered once for each word however many paths lead to it. */
  visit = 0;

  constructor(readonly isAnyWords: boolean) {}
}

interface Leaf {
  tail: readonly WordPattern[];
  bucket: RuleBucket;
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
    return place(this.root, pattern, null);
  }

  /** The buckets of all patterns that match the words. */
  match(words: readonly (string | null)[], guard: WildcardGuard): RuleBucket[] {
    const buckets: RuleBucket[] = [];
    let current: TrieNode[] = [];
    let visit = ++lastVisit;
    enter(this.root, current, visit);
    for (let at = 0; at < words.length && current.length > 0; at++) {
      const next: TrieNode[] = [];
      visit = ++lastVisit;
      const word = words[at] ?? null;
      const covers = guard.covers(at);
      for (const node of current) {
        if (node.leaf !== null && matchesTail(node.leaf.tail, words, at, guard)) buckets.push(node.leaf.bucket);
        if (covers && node.isAnyWords) enter(node, next, visit);
        if (covers && node.star !== null) enter(node.star, next, visit);
        if (word === null) continue;
        const child = literalChild(node, word);
        if (child !== null) enter(child, next, visit);
        if (node.wildcards !== null) stepPartly(node.wildcards, word, at, guard, next, visit);
      }
      current = next;
    }
    for (const node of current) {
      if (node.bucket !== null) buckets.push(node.bucket);
      if (node.leaf !== null && matchesTail(node.leaf.tail, words, words.length, guard)) buckets.push(node.leaf.bucket);
    }
    return buckets;
  }

  /** Every bucket whose pattern could match some words that begin with the given literal one (all of them for null). */
  startingWith(first: string | null): RuleBucket[] {
    const buckets: RuleBucket[] = [];
    if (first === null) collect(this.root, buckets);
    else {
      const visit = ++lastVisit;
      const starts: TrieNode[] = [];
      if (this.root.leaf !== null) buckets.push(this.root.leaf.bucket);
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

/** Files a pattern below a node, with the bucket that it has already or a new one. */
function place(start: TrieNode, pattern: readonly WordPattern[], bucket: RuleBucket | null): RuleBucket {
  let node = start;
  for (let at = 0; at < pattern.length; at++) {
    const tail = pattern.slice(at);
    if (node.leaf !== null && sameTail(node.leaf.tail, tail)) return node.leaf.bucket;
    if (isEmpty(node) && isPlainTail(tail)) {
      node.leaf = { tail, bucket: bucket ?? new RuleBucket() };
      return node.leaf.bucket;
    }
    unfold(node);
    const word = pattern[at];
    if (word !== undefined) node = childFor(node, word);
  }
  if (node.leaf !== null) unfold(node);
  node.bucket ??= bucket ?? new RuleBucket();
  return node.bucket;
}

/** Turns a leaf into nodes, because another pattern goes on from here. */
function unfold(node: TrieNode): void {
  const { leaf } = node;
  if (leaf === null) return;
  node.leaf = null;
  const [word, ...rest] = leaf.tail;
  if (word !== undefined) place(childFor(node, word), rest, leaf.bucket);
}

function isEmpty(node: TrieNode): boolean {
  const hasLiteral = node.onlyChild !== null || node.literals !== null;
  const hasWildcard = node.star !== null || node.anyWords !== null || node.wildcards !== null;
  return !hasLiteral && !hasWildcard && node.bucket === null && node.leaf === null;
}

/** A tail that is matched word by word: `**` at most at its end. */
function isPlainTail(tail: readonly WordPattern[]): boolean {
  return tail.every((word, at) => word.kind !== 'any-words' || at === tail.length - 1);
}

function sameTail(one: readonly WordPattern[], other: readonly WordPattern[]): boolean {
  return one.length === other.length && one.every((word, at) => patternKey(word) === patternKey(other[at]));
}

function patternKey(word: WordPattern | undefined): string {
  switch (word?.kind) {
    case 'literal':
      return `literal ${word.text}`;
    case 'partial':
      return `partial ${word.key}`;
    default:
      return word?.kind ?? '';
  }
}

function matchesTail(
  tail: readonly WordPattern[],
  words: readonly (string | null)[],
  start: number,
  guard: WildcardGuard,
): boolean {
  let at = start;
  for (const pattern of tail) {
    if (pattern.kind === 'any-words') return guard.coversRest(at);
    const word = words[at];
    if (word === undefined || !matchesGuarded(pattern, word, at, guard)) return false;
    at++;
  }
  return at === words.length;
}

function matchesGuarded(
  pattern: Exclude<WordPattern, { kind: 'any-words' }>,
  word: string | null,
  at: number,
  guard: WildcardGuard,
): boolean {
  switch (pattern.kind) {
    case 'literal':
      return pattern.text === word;
    case 'any':
      return guard.covers(at);
    case 'partial':
      return word !== null && matchesPartial(pattern, word) && guard.coversPart(pattern, at);
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
    node.literals = new TextMap();
    node.literals.set(text, child);
    if (node.onlyChild !== null) node.literals.set(node.onlyWord, node.onlyChild);
    node.onlyWord = null;
    node.onlyChild = null;
  }
  return child;
}

function collect(node: TrieNode, into: RuleBucket[]): void {
  if (node.bucket !== null) into.push(node.bucket);
  if (node.leaf !== null) into.push(node.leaf.bucket);
  if (node.onlyChild !== null) collect(node.onlyChild, into);
  if (node.literals !== null) for (const child of node.literals.values()) collect(child, into);
  if (node.star !== null) collect(node.star, into);
  if (node.anyWords !== null) collect(node.anyWords, into);
  node.wildcards?.all((child) => collect(child, into));
}
