import { type Analysis, analyze, findSuspiciousCharacters, quoteArgv, type SimpleCommand } from '@expacti/shell';
import { baseName, unversionedName } from '../guard/program-name.js';
import { commandSignals } from './command-signals.js';
import { commandInContainer } from './container-command.js';
import { HARMLESS, type RiskSignal } from './signal.js';

/** Characters that fit a reviewer's screen at a glance, generously. */
const LONG_LINE = 1_000;

/** How many containers inside one another are looked into. */
const MAX_CONTAINER_DEPTH = 3;

/**
 * What makes a command line risky: each of its commands, and what they are together.
 *
 * @param depth how many containers the line runs in
 */
export function lineSignals(analysis: Analysis, depth = 0): RiskSignal[] {
  const { commands } = analysis;
  const innerOf = commandsByWrapper(commands);
  const signals = commands.flatMap((command, at) => {
    const inner = innerOf.get(at) ?? [];
    const own = commandSignals(command, inner.length > 0 || command.wrapperPrefix !== null);
    const mild = !command.opaque && inner.length > 0 && isLooking(inner) ? own.map(milderAroundLooking) : own;
    return [...mild, ...insideContainer(command, depth)];
  });
  if (!analysis.parseable)
    signals.push({ weight: 60, reason: 'The line is not fully understood.', reversible: 'partly' });
  if (findSuspiciousCharacters(analysis.source).length > 0)
    signals.push({ weight: 50, reason: 'The line holds characters that hide or mislead.' });
  if (analysis.source.length > LONG_LINE)
    signals.push({ weight: 25, reason: 'The line is very long: something may be overlooked in it.' });
  if (feedsShell(commands))
    signals.push({
      weight: 85,
      reason: 'It runs as code what another command, or the network, delivers.',
      reversible: 'no',
    });
  return signals;
}

function commandsByWrapper(commands: readonly SimpleCommand[]): Map<number, SimpleCommand[]> {
  const byWrapper = new Map<number, SimpleCommand[]>();
  for (const command of commands) {
    if (command.wrappedBy === null) continue;
    const inner = byWrapper.get(command.wrappedBy);
    if (inner === undefined) byWrapper.set(command.wrappedBy, [command]);
    else inner.push(command);
  }
  return byWrapper;
}

function insideContainer(command: SimpleCommand, depth: number): RiskSignal[] {
  const program = command.words[0]?.literal;
  if (typeof program !== 'string') return [];
  const inner = commandInContainer(
    baseName(program),
    command.words.map(({ literal, text }) => literal ?? text),
  );
  if (inner === null) return [];
  if (command.argv === null || depth >= MAX_CONTAINER_DEPTH)
    return [{ weight: 55, reason: 'It runs something that is not known before it runs.', reversible: 'partly' }];
  return lineSignals(analyze(quoteArgv(inner), 'sh'), depth + 1);
}

const isLooking = (commands: readonly SimpleCommand[]): boolean =>
  commands.every((command) => commandSignals(command, false).every(({ weight }) => weight <= HARMLESS));

/** Other rights make little of a command that only looks. */
const milderAroundLooking = (signal: RiskSignal): RiskSignal =>
  signal.reason === 'It runs with other rights.' ? { ...signal, weight: 40 } : signal;

const SHELL_NAMES = /^(sh|bash|dash|zsh|ksh|fish|python|perl|ruby|node|php)$/;

function feedsShell(commands: readonly SimpleCommand[]): boolean {
  const names = commands.map(({ words }) => {
    const program = words[0]?.literal ?? '';
    return SHELL_NAMES.test(baseName(program)) ? baseName(program) : unversionedName(program);
  });
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
