import { isDangerousAssignment, type SimpleCommand } from '@expacti/shell';
import { takesCode } from '../guard/option-coverage.js';
import { baseName } from '../guard/program-name.js';
import { commandWords } from './command-words.js';
import { LOOKS_WHATEVER_IT_IS_TOLD } from './looking-programs.js';
import { onlyLooks } from './only-looks.js';
import { pathSignal } from './path-signals.js';
import { programSignal } from './program-signals.js';
import { scriptSignal } from './script-signals.js';
import { HARMLESS, type RiskSignal } from './signal.js';
import { verbSignals } from './verb-signals.js';
import { writtenPaths } from './written-paths.js';

/**
 * What makes one command risky; a command inside a wrapper is one of its own.
 *
 * @param wraps the command runs another one of the line
 */
export function commandSignals(command: SimpleCommand, wraps: boolean): RiskSignal[] {
  const words: readonly (string | null)[] = command.wrapperPrefix ?? command.words.map(({ literal }) => literal);
  const signals: RiskSignal[] = [];
  if (words[0] === null)
    signals.push({ weight: 60, reason: 'Which program runs is not known before it runs.', reversible: 'partly' });
  if (command.opaque)
    signals.push({ weight: 55, reason: 'It runs something that is not known before it runs.', reversible: 'partly' });
  if (typeof words[0] === 'string') signals.push(...programSignals(words[0], words, command, wraps));
  for (const { operator, target, touchesFile } of command.redirections)
    if (touchesFile) signals.push(redirectionSignal(operator, target?.literal ?? null, target?.text ?? ''));
  for (const { name } of command.assignments) signals.push(assignmentSignal(name));
  return signals;
}

function programSignals(
  program: string,
  words: readonly (string | null)[],
  command: SimpleCommand,
  wraps: boolean,
): RiskSignal[] {
  const name = baseName(program);
  const literal = words.filter((word) => word !== null);
  const sorted = commandWords(name, literal);
  const own = programSignal(sorted);
  const looks = command.builtin === 'code' ? null : onlyLooks(words, wraps);
  const script = literal.length === words.length ? scriptSignal(name, literal) : null;
  const signals: RiskSignal[] = [own ?? looks ?? script ?? unknownUse(name, literal, wraps && !command.opaque)];
  if (own !== null && script !== null && script.weight > HARMLESS) signals.push(script);
  if (looks === null && !wraps) signals.push(...verbSignals(sorted).filter((verb) => !saysTheSame(own, verb)));
  if (program !== name && !/^\/(usr\/)?s?bin\//.test(program))
    signals.push({ weight: 35, reason: 'It runs a file by its path, which may have changed.' });
  signals.push(...pathSignals(name, command, literal, wraps));
  if (literal.length < words.length) signals.push(breadthSignal(own, name));
  return signals;
}

/** A verb adds nothing to what is known better: that the program destroys. */
const saysTheSame = (own: RiskSignal | null, verb: RiskSignal): boolean =>
  own !== null && own.reversible === 'no' && verb.reversible === 'no' && own.weight >= verb.weight;

function pathSignals(name: string, command: SimpleCommand, literal: readonly string[], wraps: boolean): RiskSignal[] {
  const words = wraps ? literal : command.words.map((word) => word.literal ?? word.text);
  const signals = [
    ...words.slice(1).map((word) => pathSignal(word.replace(/^[\w-]*=/, ''), 'read')),
    ...(LOOKS_WHATEVER_IT_IS_TOLD.has(name) ? [] : writtenPaths(name, words)).map((path) =>
      pathSignal(path, 'written'),
    ),
  ];
  return signals.flatMap((signal) => (signal === null || signal.weight === 0 ? [] : [signal]));
}

function unknownUse(name: string, words: readonly string[], runsAnother: boolean): RiskSignal {
  if (runsAnother && words.length === 1)
    return { weight: HARMLESS, reason: 'It runs the command behind it.', reversible: 'yes' };
  if (takesCode(name)) return { weight: 35, reason: `${name} can run other programs.`, reversible: 'partly' };
  if (onlyLooks([name], false) !== null)
    return { weight: 30, reason: `Not all words behind ${name} are known to be harmless.`, reversible: 'partly' };
  return { weight: 25, reason: `Nothing is known about ${name}.`, reversible: 'partly' };
}

/** Variables and file globs: little where a command only looks, whatever they become; much where it destroys. */
function breadthSignal(own: RiskSignal | null, name: string): RiskSignal {
  if (own !== null && own.reversible === 'no')
    return {
      weight: Math.min(90, own.weight + 15),
      reason: 'What it destroys depends on words that are not literal.',
      reversible: 'no',
    };
  return { weight: LOOKS_WHATEVER_IT_IS_TOLD.has(name) ? 20 : 25, reason: 'Some words are not literal.' };
}

const HARMLESS_VARIABLE = /^(LC_\w+|LANG|LANGUAGE|TZ|NO_COLOR|FORCE_COLOR|CI|DEBUG|COLUMNS|LINES)$/;

function assignmentSignal(name: string): RiskSignal {
  if (HARMLESS_VARIABLE.test(name)) return { weight: HARMLESS, reason: 'It sets how output looks.', reversible: 'yes' };
  return isDangerousAssignment(name)
    ? { weight: 50, reason: 'It sets variables that can change which programs run.', reversible: 'partly' }
    : { weight: 25, reason: 'It sets variables that change what runs.' };
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
