import type { Analysis, SimpleCommand } from '@expacti/shell';
import { OptionCoverage } from '../guard/option-coverage.js';
import type { OptionTables } from '../guard/option-table.js';
import { normalizedText } from '../pattern/normalized-text.js';
import { commandDependsOnFolder, leavesFolder } from './folder-dependence.js';

/** One command of a line with what its judgement needs, worked out at most once. */
export class CommandView {
  /** Literal words; null stands for a word that is not literal. */
  readonly words: readonly (string | null)[];
  /** Literal words that an allow rule has to match: of a wrapper only its own, without the command that it runs. */
  readonly ownWords: readonly string[] | null;
  readonly isWrapper: boolean;
  private cachedCoverage: OptionCoverage | null = null;
  private cachedText: string | null = null;
  private cachedDependence: boolean | null = null;
  private cachedLeaving: boolean | null = null;

  constructor(
    readonly command: SimpleCommand,
    private readonly tables: OptionTables,
    private readonly line: readonly SimpleCommand[],
    wrapsAnother: boolean,
  ) {
    const { argv } = command;
    this.words = argv ?? command.words.map((word) => word.literal);
    this.isWrapper = wrapsAnother || command.wrapperPrefix !== null;
    this.ownWords = this.isWrapper ? command.wrapperPrefix : argv;
  }

  get program(): string | null {
    return this.words[0] ?? null;
  }

  /** What it runs depends on the working directory: only a rule for that folder covers it. */
  get dependsOnFolder(): boolean {
    this.cachedDependence ??= commandDependsOnFolder(this.command);
    return this.cachedDependence;
  }

  /** A wrapper may run it in another folder than the one that the request names. */
  get leavesFolder(): boolean {
    if (this.command.wrappedBy === null) return false;
    this.cachedLeaving ??= leavesFolder(this.command, this.line);
    return this.cachedLeaving;
  }

  get isBehindPipe(): boolean {
    return this.command.context.includes('pipeline-later');
  }

  /** What wildcards may cover of the command's own words. */
  get coverage(): OptionCoverage {
    this.cachedCoverage ??= new OptionCoverage(this.ownWords ?? [], this.tables, {
      wrapper: this.isWrapper,
      changesState: this.command.builtin !== null,
    });
    return this.cachedCoverage;
  }

  /** The text for regular expressions; null where a word is not literal. */
  get text(): string | null {
    if (this.command.argv === null) return null;
    this.cachedText ??= normalizedText(this.command.argv);
    return this.cachedText;
  }

  /** The same for the command's own words. */
  get ownText(): string | null {
    if (this.ownWords === this.command.argv) return this.text;
    return this.ownWords === null ? null : normalizedText(this.ownWords);
  }
}

/** The commands of a line. */
export function commandViews(analysis: Analysis, tables: OptionTables): CommandView[] {
  const { commands } = analysis;
  return commands.map(
    (command, index) =>
      new CommandView(
        command,
        tables,
        commands,
        commands.length > 1 && commands.some((other) => other.wrappedBy === index),
      ),
  );
}
