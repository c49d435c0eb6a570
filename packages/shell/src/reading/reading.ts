import type { Context, Shell, SimpleCommand } from '../analysis.js';
import { MAX_COMMANDS, MAX_STEPS } from '../limits.js';

/** How one piece of shell code is read: the line itself, or code found inside a wrapper. */
export interface Reading {
  collector: Collector;
  source: string;
  shell: Shell;
  /** Where the code stands, outermost first. */
  context: readonly Context[];
  /** The wrapper that would run it, as an index in the collector. */
  wrappedBy: number | null;
  /** How many wrappers stand around it. */
  depth: number;
  /** Whether offsets in `source` are offsets in the line (false inside wrappers). */
  spans: boolean;
}

/** What reading a piece of code found, beside the commands in the collector. */
export interface Findings {
  /** Why it is outside the understood grammar; empty when it is not. */
  reasons: string[];
  /** Why pattern rules cannot cover it; empty when they may. */
  strictReasons: string[];
}

/** Reads one piece of code; handed down so that wrappers can have the code inside them read the same way. */
export type CodeReader = (reading: Reading) => Findings;

/** Thrown inside the package when a line takes too many steps; `analyze` turns it into a reason. */
export class BudgetExceededError extends Error {}

/** Gathers the commands of one analysis and counts its steps. */
export class Collector {
  readonly commands: SimpleCommand[] = [];
  private steps = 0;

  constructor(readonly readCode: CodeReader) {}

  /** Counts work against the budget. */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > MAX_STEPS) throw new BudgetExceededError('The line takes too long to understand.');
  }

  /** Adds a command and answers its index. */
  push(command: SimpleCommand): number {
    if (this.commands.length >= MAX_COMMANDS) {
      throw new BudgetExceededError(`The line holds more than ${MAX_COMMANDS} commands.`);
    }
    this.spend(1 + command.words.length);
    return this.commands.push(command) - 1;
  }
}
