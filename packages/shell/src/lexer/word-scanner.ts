import type { DynamicKind } from '../analysis.js';

const PLAIN = 0;
const QUOTE = 1;
const SUSPECT = 2;
const END = 3;

/** What each ASCII character means to an unquoted word; everything beyond ASCII is plain. */
const CLASS_OF = new Uint8Array(128);
for (const character of '\\\'"') CLASS_OF[character.charCodeAt(0)] = QUOTE;
for (const character of '$`*?[~{!(') CLASS_OF[character.charCodeAt(0)] = SUSPECT;
for (const character of ' \t\n;&|<>)') CLASS_OF[character.charCodeAt(0)] = END;

const HISTORY_SAFE_AFTER = new Set(['', ' ', '\t', '\n', '=']);
const DOLLAR_SAFE_IN_QUOTES = new Set(['"', ' ', '/', '.', ',', ')', '|', ':']);
const DOLLAR_SAFE_UNQUOTED = new Set(['', ' ', '\t', '\n', ';']);

/** Whether `{a,b}` or `{1..9}` may stand in this text. Quoting inside the braces is ignored: when in doubt, yes. */
function mayExpandBraces(text: string): boolean {
  const inside = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  return inside.includes(',') || inside.includes('..');
}

/**
 * Reads one shell word and its value after quote removal, from the characters alone and without any parser library.
 *
 * It knows only what bash, dash and POSIX read alike: plain characters, `'…'`, `"…"`, `\x` and line continuations.
 * Whatever could expand to something else ends the scan with a `failure`; when in doubt it fails, which costs a prompt
 * and never a missed command.
 */
export class WordScanner {
  /** Where the scan stands; after a successful `scan` just behind the word. */
  position = 0;
  /** The word's value after quote removal. */
  value = '';
  /** Whether any part of it was quoted or escaped; such a word is never a reserved word or an assignment. */
  quoted = false;
  /** Whether a line continuation stands inside the word. */
  continued = false;
  /** What stopped the scan, when `scan` answered false. */
  failure: DynamicKind | null = null;

  constructor(private readonly source: string) {}

  /** Reads a word that begins at `start`. False when it is not wholly literal. */
  scan(start: number): boolean {
    const source = this.source;
    this.value = '';
    this.quoted = false;
    this.continued = false;
    this.failure = null;
    let braces = false;
    let position = start;
    let plainFrom = start;
    for (;;) {
      const code = position < source.length ? source.charCodeAt(position) : 10;
      const kind = code < 128 ? CLASS_OF[code] : PLAIN;
      if (kind === PLAIN) {
        position++;
        continue;
      }
      if (plainFrom < position) this.value += source.slice(plainFrom, position);
      if (kind === END) break;
      const character = source.charAt(position);
      const after = kind === QUOTE ? this.skipQuote(character, position) : this.skipSuspect(character, position, start);
      if (after < 0) return false;
      if (character === '{') braces = true;
      plainFrom = position = after;
    }
    this.position = position;
    if (!braces || !mayExpandBraces(source.slice(start, position))) return true;
    this.failure = 'brace';
    return false;
  }

  private reject(kind: DynamicKind): -1 {
    this.failure = kind;
    return -1;
  }

  /** Reads `'…'`, `"…"` or `\x` and answers the position behind it, or -1. */
  private skipQuote(character: string, position: number): number {
    const source = this.source;
    if (character === "'") {
      const end = source.indexOf("'", position + 1);
      if (end < 0) return this.reject('unknown');
      this.value += source.slice(position + 1, end);
      this.quoted = true;
      return end + 1;
    }
    if (character === '"') return this.skipDoubleQuoted(position + 1);
    if (position + 1 >= source.length) return this.reject('unknown');
    const escaped = source.charAt(position + 1);
    if (escaped === '\n') {
      this.continued = true;
      return position + 2;
    }
    // A character beyond the basic plane is two units; both are literal, the second as a plain one.
    this.value += escaped;
    this.quoted = true;
    return position + 2;
  }

  private skipDoubleQuoted(start: number): number {
    const source = this.source;
    this.quoted = true;
    let from = start;
    for (let position = start; position < source.length; position++) {
      switch (source.charCodeAt(position)) {
        case 0x22: // "
          this.value += source.slice(from, position);
          return position + 1;
        case 0x24: // $
          if (!DOLLAR_SAFE_IN_QUOTES.has(source.charAt(position + 1))) return this.reject('parameter');
          break;
        case 0x60: // `
          return this.reject('command-substitution');
        case 0x21: {
          // !
          const next = source.charAt(position + 1);
          if (next !== '"' && !HISTORY_SAFE_AFTER.has(next)) return this.reject('history');
          break;
        }
        case 0x5c: {
          // Only these keep their backslash special between double quotes; before anything else it stays.
          const next = source.charAt(position + 1);
          if (next === '') return this.reject('unknown');
          if (next === '\n' || next === '"' || next === '\\' || next === '$' || next === '`') {
            this.value += source.slice(from, position);
            if (next !== '\n') this.value += next;
            from = position + 2;
          }
          position++;
          break;
        }
        default:
          break;
      }
    }
    return this.reject('unknown');
  }

  /** Decides about a character that may expand; answers the position behind it when it is literal here, or -1. */
  private skipSuspect(character: string, position: number, start: number): number {
    const source = this.source;
    const next = source.charAt(position + 1);
    switch (character) {
      case '$':
        if (!DOLLAR_SAFE_UNQUOTED.has(next)) return this.reject(next === '(' ? 'command-substitution' : 'parameter');
        break;
      case '`':
        return this.reject('command-substitution');
      case '*':
      case '?':
        return this.reject('glob');
      case '[':
        // `[` alone is the test command; inside a word it may begin a bracket pattern or a subscript.
        if (position !== start || !HISTORY_SAFE_AFTER.has(next) || next === '=') return this.reject('glob');
        break;
      case '~':
        if (this.value === '' ? !this.quoted : /[=:]$/.test(this.value)) return this.reject('tilde');
        break;
      case '!':
        if (!HISTORY_SAFE_AFTER.has(next)) return this.reject('history');
        break;
      case '{':
        break;
      default:
        return this.reject('unknown');
    }
    this.value += character;
    return position + 1;
  }
}

/**
 * The value of a whole word after quote removal, or what makes it not literal. Reads the raw text independently of
 * the parser, so that a word is called literal only when both agree.
 */
export function scanLiteralWord(text: string): { literal: string } | { failure: DynamicKind } {
  const scanner = new WordScanner(text);
  if (!scanner.scan(0)) return { failure: scanner.failure ?? 'unknown' };
  if (scanner.position !== text.length) return { failure: 'unknown' };
  return { literal: scanner.value };
}
