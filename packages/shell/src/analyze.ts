import type { Analysis, Shell } from './analysis.js';
import { isShell } from './data/shells.js';
import { LazyAnalysis } from './lazy-analysis.js';
import { readCode } from './reading/read-code.js';
import { BudgetExceededError, Collector, type Findings } from './reading/reading.js';

/**
 * Turns a command line into every simple command it could run, or says that it cannot. Never throws and never hangs:
 * size, depth and steps are limited, and whatever exceeds them is unparseable.
 *
 * @param source the exact text that would be executed
 * @param shell the shell that would execute it; its grammar is the one judged
 */
export function analyze(source: string, shell: Shell = 'bash'): Analysis {
  const collector = new Collector(readCode);
  if (typeof source !== 'string' || !isShell(shell)) {
    const reason = 'The grammar of this shell is not known.';
    return new LazyAnalysis(String(source), shell, collector.commands, { reasons: [reason], strictReasons: [reason] });
  }
  let findings: Findings;
  try {
    findings = readCode({ collector, source, shell, context: [], wrappedBy: null, depth: 0, spans: true });
  } catch (error) {
    const reason = error instanceof BudgetExceededError ? error.message : 'The line could not be read.';
    findings = { reasons: [reason], strictReasons: [reason] };
  }
  return new LazyAnalysis(source, shell, collector.commands, findings);
}
