import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Shell, SimpleCommand } from './analysis.js';
import { analyze } from './analyze.js';
import { baseName } from './data/programs.js';

interface ShellCase {
  category: string;
  source: string;
  bash_ran: string[][] | null;
  dash_ran: string[][] | null;
}

const folder = new URL('../corpus/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const shellCases = (JSON.parse(read('shell.json')) as { cases: ShellCase[] }).cases;
const hiddenCases = (JSON.parse(read('hidden-command.json')) as { cases: { shape: string; source: string }[] }).cases;
const ordinaryLines = read('ordinary.txt')
  .split('\n')
  .filter((line) => line !== '');

const key = ([program = '', ...rest]: readonly string[]) => JSON.stringify([baseName(program), ...rest]);

/** Whether a listed command accounts for one that ran: equal, or not literal from some word on and equal before it. */
function accountsFor(command: SimpleCommand, ran: readonly string[]): boolean {
  if (command.argv !== null) return command.argv.length > 0 && key(command.argv) === key(ran);
  const dynamic = command.words.findIndex((word) => word.literal === null);
  return command.words.slice(0, dynamic).every(({ literal }, index) => {
    const value = literal ?? '';
    return (index === 0 ? baseName(value) : value) === ran[index];
  });
}

/** A line about which the analysis says by itself that something in it was not determined. */
function admitsMore(commands: readonly SimpleCommand[]): boolean {
  return commands.some((command) => command.opaque || command.assignments.some(({ name }) => name === 'BASH_ENV'));
}

describe.each<[Shell, (test: ShellCase) => string[][]]>([
  ['bash', ({ bash_ran, dash_ran }) => [...(bash_ran ?? []), ...(dash_ran ?? [])]],
  ['sh', ({ bash_ran, dash_ran }) => [...(bash_ran ?? []), ...(dash_ran ?? [])]],
  ['dash', ({ dash_ran }) => dash_ran ?? []],
])('lines with what the shells executed, read as %s', (shell, executed) => {
  it.each(shellCases.map((test) => [test.category, test.source, test] as const))(
    '%s: %j',
    (_category, source, test) => {
      const analysis = analyze(source, shell);
      if (analysis.strict) {
        const listed = new Set(analysis.commands.map(({ argv }) => key(argv ?? [])));
        for (const ran of executed(test)) expect(listed).toContain(key(ran));
      } else if (analysis.parseable && !admitsMore(analysis.commands)) {
        const own = shell === 'bash' ? (test.bash_ran ?? []) : executed(test);
        const missing = own.filter((ran) => !analysis.commands.some((command) => accountsFor(command, ran)));
        expect(missing).toEqual([]);
      }
      // What is not strict says why.
      expect(analysis.strict).toBe(analysis.strictReasons.length === 0);
      expect(analysis.parseable).toBe(analysis.reasons.length === 0);
    },
  );
});

describe('lines that hide a command', () => {
  /** These hide it in an argument of a program, where the rules' option guard judges, or only redirect to a file. */
  const inArguments =
    /^(?:awk|sed|sort|perl|python|uniq|vim-less|redir (?:>\||&>|<>)|CR in word|cd\+rel|printf\|sh|bash stdin|array cmd)/;

  it.each(hiddenCases.map(({ shape, source }) => [shape, source] as const))('%s: %j', (shape, source) => {
    const analysis = analyze(source);
    const listed = analysis.commands.some(({ words }) => baseName(words[0]?.literal ?? '') === 'touch');
    const marked =
      !analysis.strict &&
      (!analysis.parseable || admitsMore(analysis.commands) || hasDynamicProgram(analysis.commands));
    if (!inArguments.test(shape)) expect(listed || marked).toBe(true);
    if (analysis.strict) expect(analysis.commands.every(({ argv }) => argv !== null)).toBe(true);
  });

  const hasDynamicProgram = (commands: readonly SimpleCommand[]) =>
    commands.some(({ words }) => words[0]?.literal === null);
});

describe('everyday lines', () => {
  it('calls at most 2 % of them unparseable', () => {
    const refused = ordinaryLines.filter((line) => !analyze(line).parseable);
    expect(refused.length / ordinaryLines.length).toBeLessThanOrEqual(0.02);
  });

  it('understands at least 95 % of them well enough for pattern rules', () => {
    const strict = ordinaryLines.filter((line) => analyze(line).strict);
    expect(strict.length / ordinaryLines.length).toBeGreaterThanOrEqual(0.95);
  });
});
