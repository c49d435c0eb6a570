import { RESERVED_WORDS } from '../data/reserved-words.js';
import { WordScanner } from './word-scanner.js';

export interface LexedWord {
  value: string;
  start: number;
  end: number;
}

export interface LexedAssignment extends LexedWord {
  name: string;
  /** The value's own text begins here, behind the `=`. */
  valueStart: number;
}

export interface LexedRedirection {
  operator: string;
  /** The descriptor written before the operator, or -1. */
  descriptor: number;
  target: LexedWord;
  start: number;
}

/** What stands before a command: nothing for the first, else the operator that joins it to the one before. */
export type Joiner = '' | ';' | '&&' | '||' | '|';

export interface LexedCommand {
  joiner: Joiner;
  start: number;
  end: number;
  words: LexedWord[];
  assignments: LexedAssignment[];
  redirections: LexedRedirection[];
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;
/** Something that only looks like an assignment to one of the shells (`a+=1`, `a[0]=1`): left to the reviewer. */
const ODD_ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*(?:\+=|\[)/;

/**
 * Lexes the subset of the shell grammar that bash, dash and POSIX read alike: lists and pipelines of simple commands
 * whose every word is literal, joined by `;`, newline, `&&`, `||` or `|`, with plain redirections and assignments.
 *
 * Written without the parser library on purpose: a line is called understood only when this reader and the parser
 * give identical answers. Null: the line is outside the subset.
 */
export function lexSimpleLine(source: string): LexedCommand[] | null {
  return new SimpleLineLexer(source).run();
}

class SimpleLineLexer {
  private position = 0;
  private readonly scanner: WordScanner;
  private readonly commands: LexedCommand[] = [];

  constructor(private readonly source: string) {
    this.scanner = new WordScanner(source);
  }

  run(): LexedCommand[] | null {
    let joiner: Joiner = '';
    // `^old^new` repeats the last command at an interactive prompt.
    if (this.source.startsWith('^')) return null;
    for (;;) {
      this.skipEmptyLines();
      if (this.position >= this.source.length) return joiner === '' || joiner === ';' ? this.commands : null;
      const command = this.readCommand(joiner);
      if (command === null) return null;
      this.commands.push(command);
      const next = this.readJoiner();
      if (next === null) return null;
      joiner = next;
    }
  }

  private skipBlanks(): void {
    const source = this.source;
    for (;;) {
      const code = source.charCodeAt(this.position);
      if (code === 32 || code === 9) this.position++;
      else if (code === 92 && source.charCodeAt(this.position + 1) === 10) this.position += 2;
      else if (code === 35) {
        // A `#` where a word would begin: a comment, up to the end of the line (a backslash does not continue it).
        const end = source.indexOf('\n', this.position);
        this.position = end < 0 ? source.length : end;
      } else return;
    }
  }

  private skipEmptyLines(): void {
    this.skipBlanks();
    while (this.source.charCodeAt(this.position) === 10) {
      this.position++;
      this.skipBlanks();
    }
  }

  /** The operator behind a command, or '' at the end of the line; null when it is outside the subset. */
  private readJoiner(): Joiner | null {
    const source = this.source;
    const character = source.charAt(this.position);
    const next = source.charAt(this.position + 1);
    // An operator that is continued on the next line (`&\` newline `&`) is legal and left to the reviewer.
    switch (character) {
      case '':
        return ';';
      case '\n':
        this.position++;
        return ';';
      case ';':
        if (next === ';' || next === '&' || next === '\\') return null;
        this.position++;
        return ';';
      case '|':
        if (next === '&' || next === '\\') return null;
        this.position += next === '|' ? 2 : 1;
        return next === '|' ? '||' : '|';
      case '&':
        if (next !== '&') return null;
        this.position += 2;
        return '&&';
      default:
        return null;
    }
  }

  private readCommand(joiner: Joiner): LexedCommand | null {
    const { scanner, source } = this;
    const command: LexedCommand = {
      joiner,
      start: this.position,
      end: 0,
      words: [],
      assignments: [],
      redirections: [],
    };
    for (;;) {
      const start = this.position;
      const code = source.charCodeAt(start);
      // NaN at the end of the source; newline; & ; |
      if (!(code >= 0) || code === 10 || code === 38 || code === 59 || code === 124) break;
      if (code === 60 || code === 62) {
        if (!this.readRedirection(command, start, -1)) return null;
      } else {
        // No progress: a character that no word begins with, such as `)`.
        if (!scanner.scan(start) || scanner.position === start) return null;
        const end = scanner.position;
        const follow = source.charCodeAt(end);
        if ((follow === 60 || follow === 62) && this.mayBeDescriptor(start, end)) {
          if (!isSingleDigit(source, start, end)) return null;
          this.position = end;
          if (!this.readRedirection(command, start, code - 48)) return null;
        } else {
          this.position = end;
          if (!this.addWord(command, start, end)) return null;
        }
      }
      command.end = this.position;
      this.skipBlanks();
    }
    return command.end > 0 ? command : null;
  }

  /** Whether a word directly before `<` or `>` may name a descriptor (`2>`, `10>`, `{fd}>`) to one of the shells. */
  private mayBeDescriptor(start: number, end: number): boolean {
    if (this.scanner.continued) return true;
    const code = this.source.charCodeAt(start);
    if (code === 123) return true;
    for (let position = start; position < end; position++) {
      const digit = this.source.charCodeAt(position);
      if (digit < 48 || digit > 57) return false;
    }
    return true;
  }

  private addWord(command: LexedCommand, start: number, end: number): boolean {
    const { scanner } = this;
    if (command.words.length === 0) {
      if (!scanner.quoted && RESERVED_WORDS.has(scanner.value)) return false;
      const raw = this.source.slice(start, end);
      const match = raw.includes('=') ? ASSIGNMENT.exec(raw) : null;
      if (match !== null) {
        const name = match[1] ?? '';
        command.assignments.push({
          name,
          value: scanner.value.slice(name.length + 1),
          start,
          end,
          valueStart: start + name.length + 1,
        });
        return true;
      }
      if (ODD_ASSIGNMENT.test(scanner.value)) return false;
      // A name or a `=` that a line continuation splits: the shells join it before they look.
      if (scanner.continued && scanner.value.includes('=')) return false;
    }
    command.words.push({ value: scanner.value, start, end });
    return true;
  }

  private readRedirection(command: LexedCommand, start: number, descriptor: number): boolean {
    const { scanner, source } = this;
    const operator = readOperator(source, this.position);
    if (operator === null) return false;
    this.position += operator.length;
    this.skipBlanks();
    const targetStart = this.position;
    if (!scanner.scan(targetStart) || scanner.position === targetStart) return false;
    const target = { value: scanner.value, start: targetStart, end: scanner.position };
    if ((operator === '>&' || operator === '<&') && !/^(?:\d|-)$/.test(source.slice(target.start, target.end)))
      return false;
    // `>a>b` and `>1>b`: the target may be read as the next redirection's descriptor.
    const follow = source.charCodeAt(target.end);
    if (follow === 60 || follow === 62) return false;
    command.redirections.push({ operator, descriptor, target, start });
    this.position = target.end;
    return true;
  }
}

function isSingleDigit(source: string, start: number, end: number): boolean {
  const code = source.charCodeAt(start);
  return end === start + 1 && code >= 48 && code <= 57;
}

/** The redirection operator at `position`, when all shells read it alike. */
function readOperator(source: string, position: number): string | null {
  const first = source.charAt(position);
  const second = source.charAt(position + 1);
  const third = source.charAt(position + 2);
  if (second === '\\' && third === '\n') return null;
  if (first === '<') {
    if (second === '<' || second === '(') return null;
    return second === '&' || second === '>' ? first + second : first;
  }
  if (second === '(') return null;
  return second === '>' || second === '&' || second === '|' ? first + second : first;
}
