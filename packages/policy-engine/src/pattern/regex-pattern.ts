import { RE2JS } from 're2js';
import { type SpelledWords, spelledWords } from './spelled-words.js';

/** How an expression is matched: its literal head by comparison, the rest by an automaton that equal rests share. */
interface Compiled {
  head: string;
  rest: RE2JS;
}

/**
 * A regular expression in RE2 syntax, anchored at both ends, matched in linear time. It is compiled at its first use:
 * a compilation takes a quarter of a millisecond and most rules of a large set are never candidates. A literal head is split
 * off: thousands of rules that differ in their heads alone then share one automaton, which stays in the processor's cache.
 */
export class RegexPattern {
  private compiled: Compiled | null | undefined;

  private knownSpelled: SpelledWords | null = null;

  constructor(readonly source: string) {}

  /** The words that it spells letter by letter. */
  get spelled(): SpelledWords {
    this.knownSpelled ??= spelledWords(this.source);
    return this.knownSpelled;
  }

  /** Does the whole text match? Null where the expression is not valid (deny and review rules then count as matching). */
  matches(text: string): boolean | null {
    if (this.compiled === undefined) this.compiled = compile(this.source);
    if (this.compiled === null) return null;
    const { head, rest } = this.compiled;
    if (head === '') return rest.testExact(text);
    return text.startsWith(head) && rest.testExact(text.slice(head.length));
  }
}

/** Automata of expressions without their heads. Bounded: what does not fit is compiled for its rule alone. */
const sharedRests = new Map<string, RE2JS>();
const MAX_SHARED = 2_000;

function compile(source: string): Compiled | null {
  const { head, rest } = splitHead(source);
  const shared = sharedRests.get(rest);
  if (shared !== undefined) return { head, rest: shared };
  try {
    const compiled = RE2JS.compile(rest);
    if (head !== '' && sharedRests.size < MAX_SHARED) sharedRests.set(rest, compiled);
    return { head, rest: compiled };
  } catch {
    return null;
  }
}

/** Says in a sentence what RE2 refuses about an expression, or null when it accepts it. */
export function regexProblem(source: string): string | null {
  try {
    RE2JS.compile(source);
    return null;
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown error';
    return `The expression is not valid in RE2 syntax (no look-around, no back-references): ${detail}.`;
  }
}

/** Splits `docker logs web-[0-9]+` into `docker logs web-` and `[0-9]+`; nothing is split off where that is not certain. */
export function splitHead(source: string): { head: string; rest: string } {
  const plain = /^[A-Za-z0-9_/:,=@%' -]+/.exec(source)?.[0] ?? '';
  const quantified = /^[*+?{]/.test(source.slice(plain.length));
  const head = quantified ? plain.slice(0, -1) : plain;
  const rest = source.slice(head.length);
  return standsAlone(rest) ? { head, rest } : { head: '', rest: source };
}

/** Does the rest mean the same without its head? A choice on the outermost level, a position or a flag would reach into it. */
function standsAlone(rest: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let at = 0; at < rest.length; at++) {
    const character = rest[at] ?? '';
    if (character === '\\') {
      if (/[bBAzQ]/.test(rest[at + 1] ?? '')) return false;
      at++;
    } else if (inClass) {
      if (character === ']') inClass = false;
    } else if (character === '[') {
      inClass = true;
      // A bracket right at the start of a class is one of its characters.
      at += /^\[\^?\]/.exec(rest.slice(at, at + 3))?.[0].length ?? 1;
      at--;
    } else if (character === '(') {
      if (rest[at + 1] === '?' && rest[at + 2] !== ':') return false;
      depth++;
    } else if (character === ')') {
      if (--depth < 0) return false;
    } else if ((character === '|' && depth === 0) || character === '^' || character === '$') return false;
  }
  return true;
}
