import type { WildcardGuard } from '../index/word-trie.js';
import { escapesFolder, type PartialPattern } from '../pattern/word-pattern.js';
import { Coverage } from './coverage.js';
import type { OptionTable, OptionTables } from './option-table.js';
import { baseName, isSystemProgram } from './program-name.js';
import { readOption } from './read-option.js';
import { takesCode } from './takes-code.js';
import { coverUnknown } from './unknown-program.js';

export { Coverage, takesCode };

/** What wildcards may cover of one literal command. */
export class OptionCoverage implements WildcardGuard {
  /** By word. */
  readonly codes: Coverage[];
  /** A known filter all of whose words are harmless. */
  readonly pureFilter: boolean;

  /** From this word on to the end, all are covered. */
  private firstCovered: number | null = null;

  constructor(
    private readonly argv: readonly string[],
    tables: OptionTables,
    context: { wrapper: boolean; changesState: boolean },
  ) {
    const program = argv[0] ?? '';
    const table = isSystemProgram(program) ? tables.get(baseName(program)) : undefined;
    this.codes = new Array<Coverage>(argv.length).fill(Coverage.never);
    if (context.changesState) {
      this.pureFilter = false;
      return;
    }
    if (table !== undefined) coverKnown(argv, table, this.codes);
    else if (!context.wrapper && !takesCode(program)) coverUnknown(argv, this.codes);
    if (!context.wrapper && !program.includes('/') && !takesCode(program)) this.codes[0] = Coverage.yes;
    this.pureFilter = table?.filter === true && this.codes.every((code, at) => at === 0 || code === Coverage.yes);
  }

  covers(at: number): boolean {
    return this.codes[at] === Coverage.yes;
  }

  coversRest(at: number): boolean {
    this.firstCovered ??= firstOfCoveredEnd(this.codes);
    return at >= this.firstCovered;
  }

  coversPart(pattern: PartialPattern, at: number): boolean {
    const word = this.argv[at] ?? '';
    if (escapesFolder(pattern, word)) return false;
    switch (this.codes[at]) {
      case Coverage.yes:
        return true;
      case Coverage.spelledOption:
        return pattern.prefix.includes('=');
      case Coverage.spelledKey:
        return pattern.prefix.includes('=') || (/^[+@]/.test(word) && pattern.prefix !== '');
      default:
        return false;
    }
  }
}

function firstOfCoveredEnd(codes: readonly Coverage[]): number {
  let first = codes.length;
  while (first > 0 && codes[first - 1] === Coverage.yes) first--;
  return first;
}

/** Reads the words as the program would. From the first word on that is not known, nothing more is covered. */
function coverKnown(argv: readonly string[], program: OptionTable, codes: Coverage[]): void {
  let table = program;
  let operands = 0;
  let optionsEnded = false;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (table.anything) {
      codes[at] = Coverage.yes;
    } else if (looksLikeOption(word)) {
      // Programs differ in what "--" ends (`find` parses on, `git describe` hands the rest over): no option behind it.
      if (optionsEnded) return;
      if (word === '--') {
        if (table.singleDash || table.subcommands !== null) return;
        optionsEnded = true;
        codes[at] = Coverage.yes;
        continue;
      }
      const last = coverOption(argv, at, table, codes);
      if (last === null) return;
      at = last;
    } else if (table.subcommands !== null) {
      const subcommand = table.subcommands.get(word);
      if (subcommand === undefined) return;
      codes[at] = subcommand.spelled ? Coverage.never : Coverage.yes;
      table = subcommand;
    } else if (table.plus && word.startsWith('+')) {
      codes[at] = Coverage.yes;
    } else {
      if (++operands > table.operands) return;
      codes[at] = Coverage.yes;
    }
  }
}

/** Covers an option and its value; answers the last word it read, or null where nothing behind is covered. */
function coverOption(argv: readonly string[], at: number, table: OptionTable, codes: Coverage[]): number | null {
  const word = argv[at] ?? '';
  const next = argv[at + 1];
  const option = readOption(word, table);
  if (option === 'unknown') {
    codes[at] = Coverage.spelledOption;
    // An attached value leaves the words behind it in place; a bare unknown option may take the next one.
    return word.startsWith('--') && word.includes('=') && table.subcommands === null ? at : null;
  }
  codes[at] = Coverage.yes;
  if (next === undefined || option === 'alone') return at;
  if (option === 'takes-number' && !/^\d+$/.test(next)) return at;
  if (mayBeAnOption(next, table)) return null;
  codes[at + 1] = Coverage.yes;
  return at + 1;
}

/**
 * A value that looks like an option is one if the table is wrong about the option before it (a value that is optional, or
 * another version's flag). `find` alone needs such values (`-mtime -7`), and has no options that look like them.
 */
function mayBeAnOption(value: string, table: OptionTable): boolean {
  return looksLikeOption(value) && !(table.singleDash && /^-\d+[a-zA-Z]?$/.test(value));
}

const looksLikeOption = (word: string): boolean => word.length > 1 && word.charCodeAt(0) === 0x2d;
