import type { Assignment, Word } from '../analysis.js';
import type { PrefixWrapper } from '../data/wrappers.js';

export interface ReadOptions {
  /** Index of the first word that is no option. */
  next: number;
  /** Letters (and long names) of the options given. */
  seen: Set<string>;
  /** Values by letter or long name, the last one given. */
  valuesByName: Map<string, Word>;
  assignments: Assignment[];
  /** Why the boundary between options and command is not certain; empty when it is. */
  doubts: string[];
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/**
 * Reads the options of a wrapper as getopt does with `+` (the first operand ends them), from `words[start]` on. What is
 * not known becomes a doubt: the caller must then treat the wrapper as opaque.
 */
export function readOptions(words: readonly Word[], start: number, wrapper: PrefixWrapper): ReadOptions {
  const reader = new OptionReader(words, wrapper);
  reader.read(start);
  return reader;
}

class OptionReader implements ReadOptions {
  next = 0;
  readonly seen = new Set<string>();
  readonly valuesByName = new Map<string, Word>();
  readonly assignments: Assignment[] = [];
  readonly doubts: string[] = [];
  private readonly longFlags: string[];
  private readonly longValues: string[];

  constructor(
    private readonly words: readonly Word[],
    private readonly wrapper: PrefixWrapper,
  ) {
    this.longFlags = wrapper.longFlags?.split(' ') ?? [];
    this.longValues = wrapper.longValues?.split(' ') ?? [];
  }

  read(start: number): void {
    this.next = start;
    for (;;) {
      const word = this.words[this.next];
      if (word === undefined) return;
      const literal = word.literal;
      if (literal === null) {
        this.doubts.push(`\`${word.text}\` may stand for options or for a command.`);
        if (!word.text.startsWith('-')) return;
        this.next++;
      } else if (literal === '--') {
        this.next++;
        this.readAssignmentsBehindDashes();
        return;
      } else if (this.assignments.length > 0 && literal.startsWith('-')) {
        this.doubts.push(`Behind an assignment, \`${word.text}\` may be an option or a command.`);
        this.next++;
      } else if (literal.startsWith('--')) this.readLong(word, literal);
      else if (literal.startsWith('-') && literal !== '-') this.readCluster(word, literal);
      else if (!this.readAssignment(word, literal)) return;
    }
  }

  /** `env -- A=1 x` still assigns, `sudo -- A=1 x` does not: such a line is left in doubt. */
  private readAssignmentsBehindDashes(): void {
    for (let word = this.words[this.next]; word !== undefined; word = this.words[this.next]) {
      if (word.literal === null || word.literal === '-' || !this.readAssignment(word, word.literal)) return;
      this.doubts.push(`Behind \`--\`, \`${word.text}\` may be an assignment or a command.`);
    }
  }

  private readAssignment(word: Word, literal: string): boolean {
    if (this.wrapper.assignments === undefined) return false;
    if (literal === '-') {
      this.next++;
      return true;
    }
    const match = ASSIGNMENT.exec(literal);
    if (match === null) {
      if (!literal.includes('=')) return false;
      this.doubts.push(`\`${word.text}\` may be an assignment.`);
      this.next++;
      return true;
    }
    const [, name = '', value = ''] = match;
    this.assignments.push({ name, text: word.text, value: { ...word, text: value, literal: value } });
    this.next++;
    return true;
  }

  private readLong(word: Word, literal: string): void {
    const equals = literal.indexOf('=');
    const given = literal.slice(2, equals < 0 ? undefined : equals);
    this.next++;
    const matches = (name: string) => name === given || name.startsWith(given);
    const flags = this.longFlags.filter(matches);
    const values = this.longValues.filter(matches);
    const exact = [...flags, ...values].find((name) => name === given);
    const name = exact ?? (flags.length + values.length === 1 ? (flags[0] ?? values[0]) : undefined);
    if (name === undefined) {
      this.doubts.push(`The option \`${literal}\` is not known.`);
      return;
    }
    this.seen.add(name);
    if (!values.includes(name)) return;
    if (equals >= 0) this.valuesByName.set(name, attached(word, literal.slice(equals + 1)));
    else this.takeValue(name);
  }

  private readCluster(word: Word, literal: string): void {
    this.next++;
    if (this.wrapper.numeric && /^-[-+]?\d+$/.test(literal)) return;
    for (let index = 1; index < literal.length; index++) {
      const letter = literal.charAt(index);
      this.seen.add(letter);
      if (this.wrapper.values.includes(letter)) {
        if (index + 1 === literal.length) this.takeValue(letter);
        else this.valuesByName.set(letter, attached(word, literal.slice(index + 1)));
        return;
      }
      if (this.wrapper.optional?.includes(letter)) return;
      if (!this.wrapper.flags.includes(letter)) {
        this.doubts.push(`The option \`-${letter}\` of \`${literal}\` is not known.`);
        return;
      }
    }
  }

  private takeValue(name: string): void {
    const value = this.words[this.next];
    if (value === undefined) return;
    this.valuesByName.set(name, value);
    // An unquoted expansion may vanish or become several words, which shifts everything behind it.
    if (value.literal === null) this.doubts.push(`\`${value.text}\` may become any number of words.`);
    this.next++;
  }
}

function attached(word: Word, value: string): Word {
  return { ...word, text: value, literal: value };
}
