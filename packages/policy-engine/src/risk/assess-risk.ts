import type { Analysis, SimpleCommand } from '@expacti/shell';
import { PROGRAM_OPTIONS } from '../data/program-options.js';
import { takesCode } from '../guard/option-coverage.js';
import { baseName, unversionedName } from '../guard/program-name.js';
import type { DecisionRequest } from '../request.js';
import { pathSignal } from './path-signals.js';
import { programSignal } from './program-signals.js';
import { type Risk, riskLevelOf, type TargetFacts } from './risk.js';
import type { RiskSignal } from './signal.js';

/**
 * Assesses how much harm a request could do, from its parsed facts. The weightiest signal gives the score; each further one
 * adds a little. Nothing known lowers it below what the worst part of the line deserves.
 *
 * @param analysis of a command's text; null for the other kinds and for encrypted commands
 */
export function assessRisk(request: DecisionRequest, analysis: Analysis | null, target: TargetFacts = {}): Risk {
  const signals = signalsOf(request, analysis);
  if (target.production === true && signals.some((signal) => signal.weight > HARMLESS))
    signals.push({ weight: 35, reason: 'The target is in production.' });
  return combine(signals);
}

const HARMLESS = 5;
/** Programs that only look, as long as nothing else about the line says otherwise. */
const LOOKING_PROGRAMS: ReadonlySet<string> = new Set([
  ...Object.keys(PROGRAM_OPTIONS),
  'test',
  '[',
  'printf',
  'cd',
  'exit',
  'history',
  'help',
  'man',
  'less',
  'more',
  'awk',
  'sed',
]);
const WRITING_PROGRAMS = /^(rm|mv|cp|ln|install|tee|dd|truncate|chmod|chown|touch|mkdir|sed|rsync|tar|unzip)$/;

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

function lineSignals(analysis: Analysis): RiskSignal[] {
  const signals = analysis.commands.flatMap(commandSignals);
  if (!analysis.parseable)
    signals.push({ weight: 60, reason: 'The line is not fully understood.', reversible: 'partly' });
  if (analysis.warnings.length > 0)
    signals.push({ weight: 50, reason: 'The line holds characters that hide or mislead.' });
  if (feedsShell(analysis.commands))
    signals.push({
      weight: 85,
      reason: 'It runs as code what another command, or the network, delivers.',
      reversible: 'no',
    });
  return signals;
}

function commandSignals(command: SimpleCommand): RiskSignal[] {
  const literal = command.words.flatMap((word) => (word.literal === null ? [] : [word.literal]));
  const program = command.words[0]?.literal ?? null;
  const signals: RiskSignal[] = [];
  if (program === null && command.words.length > 0)
    signals.push({ weight: 60, reason: 'Which program runs is not known before it runs.', reversible: 'partly' });
  if (command.opaque)
    signals.push({ weight: 55, reason: 'It runs something that is not known before it runs.', reversible: 'partly' });
  if (program !== null) signals.push(...knownProgramSignals(program, literal, command));
  for (const { operator, target, touchesFile } of command.redirections)
    if (touchesFile) signals.push(redirectionSignal(operator, target?.literal ?? null, target?.text ?? ''));
  if (command.assignments.length > 0) signals.push({ weight: 20, reason: 'It sets variables that change what runs.' });
  return signals;
}

function knownProgramSignals(program: string, literal: readonly string[], command: SimpleCommand): RiskSignal[] {
  const name = unversionedName(program);
  const rest = literal.slice(1);
  const words = {
    program: name,
    operands: rest.filter((word) => !word.startsWith('-')),
    options: rest.filter((word) => word.startsWith('-')),
    all: literal,
  };
  const own = programSignal(words);
  const signals: RiskSignal[] = [own ?? unknownProgramSignal(name)];
  if (program !== baseName(program) && !/^\/(usr\/)?s?bin\//.test(program))
    signals.push({ weight: 35, reason: 'It runs a file by its path, which may have changed.' });
  const use = WRITING_PROGRAMS.test(name) ? 'written' : 'read';
  for (const word of command.words.slice(1))
    pushIfAny(signals, pathSignal((word.literal ?? word.text).replace(/^[\w-]*=/, ''), use));
  const unknownWords = command.words.length - literal.length;
  if (unknownWords > 0) signals.push(breadthSignal(own));
  return signals;
}

function unknownProgramSignal(name: string): RiskSignal {
  if (LOOKING_PROGRAMS.has(name)) return { weight: HARMLESS, reason: 'It only looks.', reversible: 'yes' };
  if (takesCode(name)) return { weight: 35, reason: `${name} can run other programs.`, reversible: 'partly' };
  return { weight: 25, reason: `Nothing is known about ${name}.`, reversible: 'partly' };
}

/** Variables and file globs: little where a command looks, much where it destroys. */
function breadthSignal(own: RiskSignal | null): RiskSignal {
  if (own !== null && own.reversible === 'no')
    return {
      weight: Math.min(90, own.weight + 15),
      reason: 'What it destroys depends on words that are not literal.',
      reversible: 'no',
    };
  return { weight: 20, reason: 'Some words are not literal.' };
}

function redirectionSignal(operator: string, path: string | null, text: string): RiskSignal {
  const use = operator.startsWith('<') && operator !== '<>' ? 'read' : 'written';
  const signal = pathSignal(path ?? text, use);
  if (signal !== null) return signal;
  if (path === null)
    return {
      weight: use === 'read' ? 20 : 40,
      reason: 'It redirects to a file that is not known.',
      reversible: 'partly',
    };
  if (use === 'read') return { weight: HARMLESS, reason: 'It reads a file.' };
  return {
    weight: 30,
    reason: operator.includes('>>') ? 'It appends to a file.' : 'It overwrites a file.',
    reversible: operator.includes('>>') ? 'partly' : 'no',
  };
}

const SHELL_NAMES = /^(sh|bash|dash|zsh|ksh|fish|python|perl|ruby|node|php)$/;

function feedsShell(commands: readonly SimpleCommand[]): boolean {
  const names = commands.map(({ words }) => unversionedName(words[0]?.literal ?? ''));
  const pipedShell = commands.some(
    ({ context, opaque }, at) => context.includes('pipeline-later') && opaque && SHELL_NAMES.test(names[at] ?? ''),
  );
  const fetches = names.some((name) => /^(curl|wget)$/.test(name));
  const runsCode = commands.some(
    ({ opaque, context }, at) =>
      (opaque || context.includes('pipeline-later')) &&
      (SHELL_NAMES.test(names[at] ?? '') || /^(eval|source|\.)$/.test(names[at] ?? '')),
  );
  return pipedShell || (fetches && runsCode);
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

function pushIfAny(signals: RiskSignal[], signal: RiskSignal | null): void {
  if (signal !== null && signal.weight > 0) signals.push(signal);
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
