import { CODE_TAKING_PROGRAMS } from '../data/code-taking-programs.js';
import type { WildcardGuard } from '../index/word-trie.js';
import { escapesFolder, type PartialPattern } from '../pattern/word-pattern.js';
import type { OptionTable, OptionTables } from './option-table.js';
import { baseName, isSystemProgram, unversionedName } from './program-name.js';

/** May a wildcard of an allow rule cover this word? */
export const Coverage = {
  /** Never: a program, code, or a word whose meaning is not known. */
  never: 0,
  yes: 1,
  /** An option that is not known to be harmless: only where the rule spells its name (`--since=*`). */
  spelledOption: 2,
  /** `key=value`, `+word`, `@word`: only where the rule spells the key or the sign. */
  spelledKey: 3,
} as const;
export type Coverage = (typeof Coverage)[keyof typeof Coverage];

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

/** Does the program take code, or the name of a program, among its operands? */
export function takesCode(program: string): boolean {
  return CODE_TAKING_PROGRAMS.has(baseName(program)) || CODE_TAKING_PROGRAMS.has(unversionedName(program));
}

const ASSIGNMENT_LIKE = /^[\w.:[\]-]+=/;

function coverUnknown(argv: readonly string[], codes: Coverage[]): void {
  for (let at = 1; at < argv.length; at++) codes[at] = operandCoverage(argv[at] ?? '');
}

function operandCoverage(word: string): Coverage {
  const first = word.charCodeAt(0);
  if (first === 0x2d) return Coverage.spelledOption;
  if (first === 0x2b || first === 0x40) return Coverage.spelledKey;
  return word.includes('=') && ASSIGNMENT_LIKE.test(word) ? Coverage.spelledKey : Coverage.yes;
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
    } else if (!optionsEnded && word === '--') {
      optionsEnded = true;
      codes[at] = Coverage.yes;
    } else if (!optionsEnded && word.length > 1 && word.charCodeAt(0) === 0x2d) {
      const option = readOption(word, table);
      if (option === 'unknown') {
        codes[at] = Coverage.spelledOption;
        // An attached value leaves the words behind it in place; a bare unknown option may take the next one.
        if (!word.startsWith('--') || !word.includes('=') || table.subcommands !== null) return;
        continue;
      }
      codes[at] = Coverage.yes;
      if (option === 'takes-next' && ++at < argv.length) codes[at] = Coverage.yes;
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

function readOption(word: string, table: OptionTable): 'alone' | 'takes-next' | 'unknown' {
  const { options } = table;
  if (word.startsWith('--') || table.singleDash) {
    const equals = word.indexOf('=');
    const kind = options.get(equals < 0 ? word : word.slice(0, equals));
    if (kind === undefined || (equals >= 0 && (kind === 'flag' || (table.singleDash && !word.startsWith('--')))))
      return 'unknown';
    return kind === 'valued' && equals < 0 ? 'takes-next' : 'alone';
  }
  if (table.numeric && /^-\d+$/.test(word)) return 'alone';
  for (let at = 1; at < word.length; at++) {
    const kind = options.get(`-${word[at]}`);
    if (kind === undefined) return 'unknown';
    if (kind === 'valued') return at === word.length - 1 ? 'takes-next' : 'alone';
  }
  return 'alone';
}
