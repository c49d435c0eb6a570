import type { Analysis, Shell, SimpleCommand, Token } from './analysis.js';
import { isPlainAscii } from './forbidden-characters.js';
import type { Findings } from './reading/reading.js';

/** An analysis whose costlier parts are worked out when somebody first looks at them. */
export class LazyAnalysis implements Analysis {
  readonly parseable: boolean;
  readonly reasons: string[];
  readonly strict: boolean;
  readonly strictReasons: string[];
  readonly warnings: string[];
  private colouring: Token[] | null = null;

  constructor(
    readonly source: string,
    readonly shell: Shell,
    readonly commands: SimpleCommand[],
    findings: Findings,
  ) {
    this.reasons = findings.reasons;
    this.parseable = findings.reasons.length === 0;
    this.strictReasons = findings.strictReasons;
    this.warnings = isPlainAscii(source) ? [] : [];
    if (commands.length === 0 && this.strictReasons.length === 0) this.strictReasons.push('Nothing would run.');
    for (const command of commands) if (!command.patternable) this.strictReasons.push(...command.reasons);
    this.strict = this.parseable && this.strictReasons.length === 0;
  }

  get tokens(): Token[] {
    this.colouring ??= [];
    return this.colouring;
  }
}
