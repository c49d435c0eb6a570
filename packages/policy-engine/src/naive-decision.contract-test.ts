import { analyze, type SimpleCommand } from '@expacti/shell';
import { RE2JS } from 're2js';
import { PROGRAM_OPTIONS } from './data/program-options.js';
import type { Verdict } from './decision.js';
import { OptionCoverage } from './guard/option-coverage.js';
import { optionTables } from './guard/option-table.js';
import { isSystemProgram } from './guard/program-name.js';
import { parseCommandPattern } from './pattern/command-pattern.js';
import { normalizedText } from './pattern/normalized-text.js';
import { matchesPartial, type WordPattern } from './pattern/word-pattern.js';
import type { CommandRequest } from './request.js';
import type { Rule } from './rule.js';

const TABLES = optionTables(PROGRAM_OPTIONS);

/**
 * The judgement of a command line as a loop over all rules, without any index: slow, short, and to be agreed with. For lines
 * without redirections, assignments and wrappers, and rules of the kind `command` without agent, shell, folder and session.
 */
export function naiveDecision(
  rules: readonly Rule[],
  request: CommandRequest,
  now: number,
): { verdict: Verdict; ruleIds: string[] } {
  const inForce = rules
    .filter((rule) => rule.shadow !== true && (typeof rule.expires_at !== 'number' || now < rule.expires_at))
    .filter(
      ({ scope, effect }) =>
        scope.type === 'global' ||
        (scope.type === 'target' && scope.id === request.target) ||
        (effect !== 'allow' && typeof request.target !== 'string'),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const analysis = analyze(request.command, request.shell);
  for (const effect of ['deny', 'review'] as const) {
    const ids = analysis.commands.flatMap((command) => {
      const rule = inForce.find(
        (candidate) => candidate.effect === effect && restricts(candidate, command, request.command),
      );
      return rule === undefined ? [] : [rule.id];
    });
    if (ids.length > 0) return { verdict: effect, ruleIds: [...new Set(ids)] };
  }
  const exact = inForce.find(
    (rule) => rule.effect === 'allow' && rule.pattern_type === 'exact' && rule.pattern === request.command,
  );
  const literal = analysis.commands.every(({ argv }) => argv !== null && isSystemProgram(argv[0] ?? ''));
  if (exact !== undefined && analysis.parseable && literal) return { verdict: 'allow', ruleIds: [exact.id] };
  if (!analysis.strict) return { verdict: 'review', ruleIds: [] };
  const allowing = analysis.commands.map(
    (command) =>
      inForce.find((rule) => rule.effect === 'allow' && rule.pattern_type === 'glob' && allows(rule, command)) ??
      inForce.find((rule) => rule.effect === 'allow' && rule.pattern_type === 'regex' && allows(rule, command)),
  );
  const ids = allowing.flatMap((rule) => (rule === undefined ? [] : [rule.id]));
  return ids.length === allowing.length
    ? { verdict: 'allow', ruleIds: [...new Set(ids)] }
    : { verdict: 'review', ruleIds: [] };
}

function restricts(rule: Rule, command: SimpleCommand, line: string): boolean {
  switch (rule.pattern_type) {
    case 'exact':
      return [line, command.text, command.argv === null ? null : normalizedText(command.argv)].includes(rule.pattern);
    case 'regex':
      return command.argv !== null && RE2JS.compile(rule.pattern).testExact(normalizedText(command.argv));
    case 'glob':
      return matchesGlob(
        wordsOf(rule),
        command.words.map((word) => word.literal),
        () => true,
      );
  }
}

function allows(rule: Rule, command: SimpleCommand): boolean {
  const { argv } = command;
  if (argv === null) return false;
  const coverage = new OptionCoverage(argv, TABLES, { wrapper: false, changesState: command.builtin !== null });
  if (rule.pattern_type === 'regex')
    return argv.every((_, at) => coverage.covers(at)) && RE2JS.compile(rule.pattern).testExact(normalizedText(argv));
  return matchesGlob(wordsOf(rule), argv, (at, pattern) =>
    pattern.kind === 'partial' ? coverage.coversPart(pattern, at) : coverage.covers(at),
  );
}

function wordsOf(rule: Rule): readonly WordPattern[] {
  const parsed = parseCommandPattern(rule.pattern);
  return parsed.ok ? parsed.pattern.words : [];
}

/** By plain recursion: what may the first pattern word stand for? */
function matchesGlob(
  pattern: readonly WordPattern[],
  words: readonly (string | null)[],
  covers: (at: number, pattern: WordPattern) => boolean,
  at = 0,
): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return at === words.length;
  if (first.kind === 'any-words') {
    if (matchesGlob(rest, words, covers, at)) return true;
    return at < words.length && covers(at, first) && matchesGlob(pattern, words, covers, at + 1);
  }
  if (at === words.length) return false;
  const word = words[at] ?? null;
  const here =
    first.kind === 'any'
      ? covers(at, first)
      : word !== null &&
        (first.kind === 'literal' ? first.text === word : matchesPartial(first, word) && covers(at, first));
  return here && matchesGlob(rest, words, covers, at + 1);
}
