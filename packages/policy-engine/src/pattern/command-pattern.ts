import { type CharacterSet, type GlobToken, type WordPattern, wordPatternOf } from './word-pattern.js';

/**
 * A glob for one simple command: `[NAME=value …] word … [> file …]`. Wildcards stand in words, in assigned values and in
 * file names; quotes and backslashes make characters literal, as in a shell. A pattern of redirections alone (`> /tmp/*`)
 * or of assignments alone (`LANG=C`) is a permission for those, whatever the command that another rule allows.
 */
export interface CommandPattern {
  assignments: readonly AssignmentPattern[];
  words: readonly WordPattern[];
  redirections: readonly RedirectionPattern[];
}

export interface AssignmentPattern {
  name: string;
  value: WordPattern;
}

export interface RedirectionPattern {
  /** `>`, `>>`, `>|`, `&>`, `&>>`, `<`, `<>`: without a descriptor. */
  operator: string;
  target: WordPattern;
}

export type ParsedPattern = { ok: true; pattern: CommandPattern } | { ok: false; message: string };

interface RawWord {
  tokens: GlobToken[];
  /** Length of an unquoted `NAME=` at the start, or 0. */
  assignmentLength: number;
}

const OPERATOR = /^(\d*)(&>>|&>|>>|>\||<>|>&|<&|>|<)/;
const MAX_ANY_WORDS = 4;

class PatternSyntaxError extends Error {}

/** Reads the text of a glob rule. Never throws; a failure says what is wrong in a sentence. */
export function parseCommandPattern(source: string): ParsedPattern {
  try {
    return { ok: true, pattern: new CommandPatternReader(source).read() };
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { ok: false, message: error.message };
    throw error;
  }
}

/** Reads a glob for one word, such as a tool's name or a string in a tool call's arguments; spaces are literal. */
export function parseWordPattern(source: string): { ok: true; pattern: WordPattern } | { ok: false; message: string } {
  try {
    return { ok: true, pattern: wordPatternOf(new CommandPatternReader(source).readWhole()) };
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { ok: false, message: error.message };
    throw error;
  }
}

class CommandPatternReader {
  private at = 0;

  constructor(private readonly source: string) {}

  read(): CommandPattern {
    const assignments: AssignmentPattern[] = [];
    const words: WordPattern[] = [];
    const redirections: RedirectionPattern[] = [];
    for (this.skipBlanks(); this.at < this.source.length; this.skipBlanks()) {
      const operator = OPERATOR.exec(this.source.slice(this.at));
      if (operator !== null) {
        const redirection = this.readRedirection(operator[0], operator[2] ?? '');
        if (redirection !== null) redirections.push(redirection);
        continue;
      }
      const word = this.readWord();
      if (words.length === 0 && word.assignmentLength > 0) assignments.push(assignmentOf(word));
      else words.push(wordPatternOf(word.tokens));
    }
    if (assignments.length + words.length + redirections.length === 0) fail('The pattern is empty.');
    if (words.filter((word) => word.kind === 'any-words').length > MAX_ANY_WORDS)
      fail(`A pattern holds at most ${MAX_ANY_WORDS} "**" words.`);
    return { assignments: kept(assignments), words: kept(words), redirections: kept(redirections) };
  }

  readWhole(): GlobToken[] {
    const tokens: GlobToken[] = [];
    while (this.at < this.source.length) this.readPlain(tokens, false);
    return tokens;
  }

  private skipBlanks(): void {
    while (this.source[this.at] === ' ' || this.source[this.at] === '\t') this.at++;
  }

  private readRedirection(text: string, operator: string): RedirectionPattern | null {
    this.at += text.length;
    this.skipBlanks();
    const start = this.at;
    if (start === this.source.length) fail(`"${text}" needs a file behind it.`);
    const target = wordPatternOf(this.readWord().tokens);
    if (operator === '>&' || operator === '<&') {
      // Duplicating a descriptor touches no file and needs no permission.
      if (/^(\d+|-)$/.test(this.source.slice(start, this.at))) return null;
      fail(`Write "&>" for a file; "${operator}" is for descriptors such as 2>&1.`);
    }
    if (target.kind === 'any-words') fail('"**" cannot stand for a file name.');
    return { operator, target };
  }

  private readWord(): RawWord {
    const start = this.at;
    const tokens: GlobToken[] = [];
    let plain = true;
    let assignmentLength = 0;
    if (this.source[start] === '#') fail('An unquoted "#" would begin a comment; quote it.');
    if (this.source[start] === '~') fail('The shell expands "~"; write the whole path or quote it.');
    while (this.at < this.source.length && this.source[this.at] !== ' ' && this.source[this.at] !== '\t') {
      const character = this.source[this.at] ?? '';
      if (character === '<' || character === '>') break;
      if (
        character === '=' &&
        plain &&
        assignmentLength === 0 &&
        /^[A-Za-z_]\w*$/.test(this.source.slice(start, this.at))
      )
        assignmentLength = this.at - start + 1;
      if (character === "'") this.readSingleQuoted(tokens);
      else if (character === '"') this.readDoubleQuoted(tokens);
      else this.readPlain(tokens, true);
      plain &&= /\w/.test(character);
    }
    return { tokens, assignmentLength };
  }

  private readPlain(tokens: GlobToken[], shellWord: boolean): void {
    const character = this.source[this.at] ?? '';
    if (shellWord && ';&|()\n\r'.includes(character))
      fail(`A pattern covers one simple command; "${visible(character)}" must be quoted to be literal.`);
    if (shellWord && '$`'.includes(character))
      fail(`A pattern never covers "${character}": what it expands to is unknown. Quote it to mean the character.`);
    if (character === '\0') fail('A pattern cannot hold a NUL.');
    if (character === '\\') this.readEscaped(tokens);
    else if (character === '*') this.push(tokens, { kind: 'many' });
    else if (character === '?') this.push(tokens, { kind: 'one' });
    else if (character === '[') this.readSet(tokens);
    else this.push(tokens, { kind: 'character', code: character.charCodeAt(0) });
  }

  private push(tokens: GlobToken[], token: GlobToken): void {
    tokens.push(token);
    this.at++;
  }

  private readEscaped(tokens: GlobToken[]): void {
    this.at++;
    if (this.at === this.source.length || this.source[this.at] === '\n') fail('The pattern ends in a lone backslash.');
    this.push(tokens, { kind: 'character', code: this.source.charCodeAt(this.at) });
  }

  private readSingleQuoted(tokens: GlobToken[]): void {
    const end = this.source.indexOf("'", this.at + 1);
    if (end < 0) fail('A single quote is not closed.');
    for (const code of codesOf(this.source.slice(this.at + 1, end))) tokens.push({ kind: 'character', code });
    this.at = end + 1;
  }

  private readDoubleQuoted(tokens: GlobToken[]): void {
    this.at++;
    while (this.source[this.at] !== '"') {
      if (this.at >= this.source.length) fail('A double quote is not closed.');
      const character = this.source[this.at] ?? '';
      if ('$`'.includes(character)) fail(`"${character}" expands inside double quotes; use single quotes.`);
      if (character === '\\' && '"\\$`'.includes(this.source[this.at + 1] ?? ' ')) this.at++;
      this.push(tokens, { kind: 'character', code: this.source.charCodeAt(this.at) });
    }
    this.at++;
  }

  private readSet(tokens: GlobToken[]): void {
    const end = this.source.indexOf(
      ']',
      this.at + (/^\[[!^]?\]/.test(this.source.slice(this.at, this.at + 3)) ? 3 : 1),
    );
    if (end < 0) fail('A "[" is not closed; quote it to mean the character.');
    const body = this.source.slice(this.at + 1, end);
    if (/[\s'"\\$`]|\[[:.=]/.test(body)) fail('A set such as [a-z] holds plain characters and ranges only.');
    tokens.push({ kind: 'set', set: readSetBody(body) });
    this.at = end + 1;
  }
}

function readSetBody(body: string): CharacterSet {
  const negated = body.startsWith('!') || body.startsWith('^');
  const codes = codesOf(negated ? body.slice(1) : body);
  const ranges: [number, number][] = [];
  for (let at = 0; at < codes.length; at++) {
    const low = codes[at] ?? 0;
    const isRange = codes[at + 1] === 0x2d && at + 2 < codes.length;
    const high = isRange ? (codes[at + 2] ?? 0) : low;
    if (high < low) fail(`The range ${String.fromCharCode(low)}-${String.fromCharCode(high)} is empty.`);
    ranges.push([low, high]);
    if (isRange) at += 2;
  }
  return { negated, ranges };
}

function assignmentOf(word: RawWord): AssignmentPattern {
  const name = word.tokens
    .slice(0, word.assignmentLength - 1)
    .map((token) => (token.kind === 'character' ? String.fromCharCode(token.code) : ''))
    .join('');
  const value = wordPatternOf(word.tokens.slice(word.assignmentLength));
  if (value.kind === 'any-words') fail('"**" cannot stand for an assigned value.');
  return { name, value };
}

/** A list without room to grow: rule sets keep many thousands of them. */
const kept = <T>(items: readonly T[]): readonly T[] => (items.length === 0 ? NOTHING : items.slice());

const NOTHING: readonly never[] = [];

const codesOf = (text: string): number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));

const visible = (character: string): string => (character === '\n' ? '\\n' : character === '\r' ? '\\r' : character);

function fail(message: string): never {
  throw new PatternSyntaxError(message);
}
