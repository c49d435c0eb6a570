/**
 * What is known to be harmless about one program: the options that wildcards of an allow rule may cover, and what its
 * operands are. "Harmless" means: runs no other program, loads no code, and writes no file that the words name.
 * Lists are written as words separated by spaces.
 */
export interface ProgramOptions {
  /** Where this was read: manual page or upstream documentation. */
  source: string;
  /** Options without a value: `-l --all`. Single letters may stand bundled (`-la`). */
  flags?: string;
  /** Options with a value, attached or as the next word, that is harmless whatever it is: `-n --lines`. */
  valued?: string;
  /** Options whose value, if any, is attached: `--color --color=auto`, `-U -U5` (of a letter only a number is covered). */
  optional?: string;
  /** The same, but a next word is the value too where it is a number: `-n 20` (`journalctl`). */
  optionalNumber?: string;
  /** Values never stand in the word of a letter: behind `-L` in `-Lo` there are further options (`tree`). */
  separateValues?: boolean;
  /** How many words besides options may be covered; absent means any number. */
  operands?: number;
  /** `+word` is harmless and counts as no operand (`date +%F`). */
  plus?: boolean;
  /** `-5` is harmless. */
  numeric?: boolean;
  /** Options have one dash and several letters (`find -name`): no bundles, and `--` does not end them. */
  singleDash?: boolean;
  /** Every word is harmless, options or not (`echo`). */
  anything?: boolean;
  /** Reads and writes only its standard streams and the files it is told to read: may stand behind a pipe. */
  filter?: boolean;
  /** Of a subcommand: it changes something, so a rule has to spell its name; what stands behind it may be covered. */
  spelled?: boolean;
  /** The first operand names one of these; any other is not covered, nor is anything behind it. */
  subcommands?: Readonly<Record<string, Omit<ProgramOptions, 'source'>>>;
}

export type OptionKind = 'flag' | 'valued' | 'optional' | 'optional-number';

/** `ProgramOptions` made ready for lookups. */
export interface OptionTable {
  options: ReadonlyMap<string, OptionKind>;
  operands: number;
  plus: boolean;
  spelled: boolean;
  numeric: boolean;
  singleDash: boolean;
  separateValues: boolean;
  anything: boolean;
  filter: boolean;
  subcommands: ReadonlyMap<string, OptionTable> | null;
}

export type OptionTables = ReadonlyMap<string, OptionTable>;

export function optionTable(program: Omit<ProgramOptions, 'source'>): OptionTable {
  const options = new Map<string, OptionKind>();
  for (const name of wordsOf(program.flags)) options.set(name, 'flag');
  for (const name of wordsOf(program.valued)) options.set(name, 'valued');
  for (const name of wordsOf(program.optional)) options.set(name, 'optional');
  for (const name of wordsOf(program.optionalNumber)) options.set(name, 'optional-number');
  const { subcommands } = program;
  return {
    options,
    operands: program.operands ?? Number.POSITIVE_INFINITY,
    plus: program.plus ?? false,
    spelled: program.spelled ?? false,
    numeric: program.numeric ?? false,
    singleDash: program.singleDash ?? false,
    separateValues: program.separateValues ?? false,
    anything: program.anything ?? false,
    filter: program.filter ?? false,
    subcommands:
      subcommands === undefined
        ? null
        : new Map(Object.entries(subcommands).map(([name, options]) => [name, optionTable(options)])),
  };
}

export function optionTables(programs: Readonly<Record<string, ProgramOptions>>): OptionTables {
  return new Map(Object.entries(programs).map(([name, options]) => [name, optionTable(options)]));
}

const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');
