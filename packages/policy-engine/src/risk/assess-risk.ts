import type { Analysis } from '@expacti/shell';
import type { DecisionRequest } from '../request.js';
import { lineSignals } from './line-signals.js';
import { pathSignal } from './path-signals.js';
import { type Risk, riskLevelOf, type TargetFacts } from './risk.js';
import { HARMLESS, LOOKING, type RiskSignal } from './signal.js';

/**
 * Assesses how much harm a request could do, from its parsed facts. The weightiest signal gives the score; each further one
 * adds a little. Nothing known lowers it below what the worst part of the line deserves.
 *
 * @param analysis of a command's text; null for the other kinds and for encrypted commands
 */
export function assessRisk(request: DecisionRequest, analysis: Analysis | null, target: TargetFacts = {}): Risk {
  const signals = signalsOf(request, analysis);
  if (target.production === true && signals.some((signal) => signal.weight > LOOKING))
    signals.push({ weight: 35, reason: 'The target is in production.' });
  return combine(signals);
}

function signalsOf(request: DecisionRequest, analysis: Analysis | null): RiskSignal[] {
  switch (request.kind) {
    case 'command':
      return analysis === null
        ? [{ weight: 60, reason: 'The command is encrypted: what it does is not known here.', reversible: 'partly' }]
        : lineSignals(analysis);
    case 'tool_call':
      return [toolSignal(request.tool)];
    case 'file_transfer':
      return request.paths.flatMap((path) => transferSignals(path, request.direction));
  }
}

function toolSignal(tool: string): RiskSignal {
  if (/(exec|shell|command|bash|terminal|eval|script)/i.test(tool))
    return { weight: 60, reason: 'The tool runs code.', reversible: 'partly' };
  if (/(delete|remove|drop|destroy|purge|terminate)/i.test(tool))
    return { weight: 65, reason: 'The tool deletes.', reversible: 'no' };
  if (/(send|post|publish|pay|transfer|email|deploy|merge)/i.test(tool))
    return { weight: 50, reason: 'The tool acts on the world outside.', reversible: 'no' };
  if (/(write|create|update|edit|set|put|upload|insert|patch)/i.test(tool))
    return { weight: 35, reason: 'The tool changes something.', reversible: 'partly' };
  if (/(^|[._-])(get|list|read|search|find|show|describe|fetch|query|view)/i.test(tool))
    return { weight: 10, reason: 'The tool only looks.', reversible: 'yes' };
  return { weight: 30, reason: 'Nothing is known about the tool.', reversible: 'partly' };
}

function transferSignals(path: string, direction: 'upload' | 'download'): RiskSignal[] {
  const moves: RiskSignal =
    direction === 'upload'
      ? { weight: 35, reason: 'It puts a file on the target.', reversible: 'partly' }
      : { weight: 30, reason: 'It takes a file away from the target.', reversible: 'no' };
  const place = pathSignal(path, direction === 'upload' ? 'written' : 'read');
  return place === null ? [moves] : [moves, place];
}

function combine(signals: readonly RiskSignal[]): Risk {
  const byReason = new Map<string, RiskSignal>();
  for (const signal of signals) {
    const known = byReason.get(signal.reason);
    if (known === undefined || known.weight < signal.weight) byReason.set(signal.reason, signal);
  }
  const sorted = [...byReason.values()].sort((a, b) => b.weight - a.weight || (a.reason < b.reason ? -1 : 1));
  const [worst, ...others] = sorted;
  const extra = others.reduce((sum, signal) => sum + (signal.weight > HARMLESS ? signal.weight * 0.15 : 0), 0);
  const score = Math.min(100, Math.round((worst?.weight ?? HARMLESS) + extra));
  const telling = sorted.filter((signal) => signal.weight > HARMLESS);
  return {
    score,
    level: riskLevelOf(score),
    reversible: reversibility(sorted),
    reasons: (telling.length > 0 ? telling : sorted).map((signal) => signal.reason),
  };
}

function reversibility(signals: readonly RiskSignal[]): Risk['reversible'] {
  if (signals.some((signal) => signal.reversible === 'no')) return 'no';
  return signals.some((signal) => signal.reversible === 'partly') ? 'partly' : 'yes';
}
