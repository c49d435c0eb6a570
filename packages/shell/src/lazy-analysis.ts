import type { Analysis, Shell, SimpleCommand, Token } from './analysis.js';
import type { Findings } from './reading/reading.js';
import { tokenize } from './tokens.js';
import { warningsAbout } from './warnings.js';

/** An analysis whose tokens are worked out when somebody first looks at them: deciding never does. */
export class LazyAnalysis implements Analysis {
  readonly parseable: boolean;
  readonly reasons: string[];
  readonly strict: boolean;
  readonly strictReasons: string[];
  readonly warnings: string[];
  #tokens: Token[] | null = null;

  constructor(
    readonly source: string,
    readonly shell: Shell,
    readonly commands: SimpleCommand[],
    findings: Findings,
  ) {
    const { warnings, misleading } = warningsAbout(source);
    this.reasons = findings.reasons;
    this.parseable = findings.reasons.length === 0;
    this.strictReasons = findings.strictReasons;
    this.warnings = warnings;
    if (commands.length === 0 && this.strictReasons.length === 0) this.strictReasons.push('Nothing would run.');
    if (misleading) this.strictReasons.push('Some of its characters are invisible or look like others.');
    for (const command of commands) if (!command.patternable) this.strictReasons.push(...command.reasons);
    this.strict = this.parseable && this.strictReasons.length === 0;
  }

  get tokens(): Token[] {
    this.#tokens ??= tokenize(this.source, this.commands);
    return this.#tokens;
  }

  /** Keeps `tokens`, a getter, in what is written as JSON. */
  toJSON(): Analysis {
    const { source, shell, parseable, reasons, strict, strictReasons, commands, tokens, warnings } = this;
    return { source, shell, parseable, reasons, strict, strictReasons, commands, tokens, warnings };
  }
}
