/**
 * One word of a glob: `*` any characters, `?` one character (UTF-16 unit), `[a-z]` and `[!a-z]` one of a set. The match
 * walks word and pattern with two pointers and one remembered star, so its time is at most the product of both lengths.
 * A glob is never turned into a backtracking regular expression: six stars against 120 characters took one 94 s.
 */
export type WordPattern =
  | { kind: 'literal'; text: string }
  /** `*`: one word, whatever it is. */
  | { kind: 'any' }
  /** `**`: any number of words. */
  | { kind: 'any-words' }
  | PartialPattern;

/** A word with literal and wildcard parts. */
export interface PartialPattern {
  kind: 'partial';
  /** Canonical spelling; two patterns with the same key match the same words. */
  key: string;
  /** Empty where `simple`. */
  tokens: readonly GlobToken[];
  /** Literal text before the first and behind the last wildcard. */
  prefix: string;
  suffix: string;
  /** `web-*`, `*.log`, `a*z`: one star and no other wildcard. */
  simple: boolean;
  /** All literal runs in order, prefix and suffix among them. */
  runs: readonly string[];
  /** Spells a `..` path segment of its own. */
  spellsParent: boolean;
}

export interface CharacterSet {
  negated: boolean;
  /** Inclusive ranges of UTF-16 units. */
  ranges: readonly (readonly [number, number])[];
}

export type GlobToken =
  | { kind: 'character'; code: number }
  | { kind: 'one' }
  | { kind: 'many' }
  | { kind: 'set'; set: CharacterSet };

/** Builds the pattern of one word out of its tokens. */
export function wordPatternOf(tokens: readonly GlobToken[]): WordPattern {
  if (tokens.every((token) => token.kind === 'character')) {
    return { kind: 'literal', text: literalText(tokens, 0, tokens.length) };
  }
  if (tokens.every((token) => token.kind === 'many'))
    return tokens.length === 2 ? { kind: 'any-words' } : { kind: 'any' };
  const merged = tokens.filter((token, at) => !(token.kind === 'many' && tokens[at - 1]?.kind === 'many'));
  return partialPatternOf(merged);
}

function partialPatternOf(tokens: readonly GlobToken[]): PartialPattern {
  const runs = literalRuns(tokens);
  const first = tokens[0]?.kind === 'character' ? (runs[0] ?? '') : '';
  const last = tokens[tokens.length - 1]?.kind === 'character' ? (runs[runs.length - 1] ?? '') : '';
  const key = tokens.map(tokenKey).join('');
  const spellsParent = runs.some((run) => hasParentSegment(run));
  const simple =
    tokens.filter((token) => token.kind !== 'character').length === 1 && tokens.some((token) => token.kind === 'many');
  return {
    kind: 'partial',
    key,
    tokens: simple ? NO_TOKENS : tokens,
    prefix: first,
    suffix: last,
    simple,
    runs,
    spellsParent,
  };
}

/** A simple pattern is matched by its start and end alone; thousands of rules hold one, so it keeps nothing more. */
const NO_TOKENS: readonly GlobToken[] = [];

function literalRuns(tokens: readonly GlobToken[]): string[] {
  const runs: string[] = [];
  let start = -1;
  for (let at = 0; at <= tokens.length; at++) {
    const literal = tokens[at]?.kind === 'character';
    if (literal && start < 0) start = at;
    if (!literal && start >= 0) {
      runs.push(literalText(tokens, start, at));
      start = -1;
    }
  }
  return runs.slice();
}

function literalText(tokens: readonly GlobToken[], start: number, end: number): string {
  let text = '';
  for (const token of tokens.slice(start, end)) if (token.kind === 'character') text += String.fromCharCode(token.code);
  return text;
}

/** Distinct tokens get distinct texts: wildcards are marked by a NUL, which no literal word can hold. */
function tokenKey(token: GlobToken): string {
  switch (token.kind) {
    case 'character':
      return String.fromCharCode(token.code);
    case 'one':
      return '\0?';
    case 'many':
      return '\0*';
    case 'set':
      return `\0[${token.set.negated ? '!' : ''}${token.set.ranges.map(([low, high]) => `${low}-${high}`).join(',')}]`;
  }
}

/** Does the whole word match? */
export function matchesPartial(pattern: PartialPattern, word: string): boolean {
  const { prefix, suffix } = pattern;
  if (word.length < prefix.length + suffix.length || !word.startsWith(prefix) || !word.endsWith(suffix)) return false;
  return pattern.simple || matchesTokens(pattern.tokens, word);
}

function matchesTokens(tokens: readonly GlobToken[], word: string): boolean {
  let at = 0;
  let token = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < word.length) {
    const current = tokens[token];
    if (current !== undefined && current.kind === 'many') {
      starToken = token++;
      starAt = at;
    } else if (current !== undefined && matchesOne(current, word.charCodeAt(at))) {
      token++;
      at++;
    } else if (starToken >= 0) {
      token = starToken + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (tokens[token]?.kind === 'many') token++;
  return token === tokens.length;
}

function matchesOne(token: GlobToken, code: number): boolean {
  switch (token.kind) {
    case 'character':
      return token.code === code;
    case 'one':
      return true;
    case 'many':
      return false;
    case 'set':
      return token.set.ranges.some(([low, high]) => low <= code && code <= high) !== token.set.negated;
  }
}

/** Does one word match one word pattern? `**` covers one word like `*`. */
export function matchesWord(pattern: WordPattern, word: string): boolean {
  switch (pattern.kind) {
    case 'literal':
      return pattern.text === word;
    case 'any':
    case 'any-words':
      return true;
    case 'partial':
      return matchesPartial(pattern, word);
  }
}

/** Has the path a `..` segment, so that its text does not say where it leads? */
export function hasParentSegment(path: string): boolean {
  let at = path.indexOf('..');
  while (at >= 0) {
    const before = at === 0 || path[at - 1] === '/' || path[at - 1] === '=' || path[at - 1] === ':';
    const after = at + 2 === path.length || path[at + 2] === '/';
    if (before && after) return true;
    at = path.indexOf('..', at + 1);
  }
  return false;
}

/** Can the part of a word that a wildcard covers lead out of the folder that the pattern spells? */
export function escapesFolder(pattern: PartialPattern, word: string): boolean {
  return !pattern.spellsParent && hasParentSegment(word);
}
