import { analyze, isShell, type Shell } from '@expacti/shell';
import { FINGERPRINT_PREFIX } from './decide/decide-encrypted.js';
import { dependsOnFolder, wordsDependOnFolder } from './decide/folder-dependence.js';
import { decide } from './decide.js';
import { takesCode } from './guard/option-coverage.js';
import { type CommandPattern, parseCommandPattern, parseWordPattern } from './pattern/command-pattern.js';
import { parsePathPattern } from './pattern/path-pattern.js';
import { regexProblem } from './pattern/regex-pattern.js';
import type { DecisionRequest } from './request.js';
import type { Rule } from './rule.js';
import { createSnapshot } from './snapshot.js';

/** What is wrong with one field, as a sentence for the person who writes the rule. */
export interface RuleFieldProblem {
  path: string;
  message: string;
}

export type RuleValidity =
  /** `warnings`: the rule may be saved, but does less than its text seems to say. */
  { ok: true; warnings: RuleFieldProblem[] } | { ok: false; problems: RuleFieldProblem[] };

const MAX_PATTERN_LENGTH = 8_192;
const MAX_GLOB_WORDS = 500;
const JSON_POINTER = /^(\/([^~]|~[01])*)?$/;
const FINGERPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Checks everything about a rule that can be known before it is used, its examples too. Never throws. */
export function validateRule(rule: Rule, context: { shell?: Shell } = {}): RuleValidity {
  const problems = [...generalProblems(rule), ...patternProblems(rule, context.shell ?? 'bash')];
  if (problems.length === 0) problems.push(...exampleProblems(rule, context.shell ?? 'bash'));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, warnings: warningsAbout(rule) };
}

function generalProblems(rule: Rule): RuleFieldProblem[] {
  const problems: RuleFieldProblem[] = [];
  const refuse = (path: string, message: string): number => problems.push({ path, message });
  if (typeof rule.cwd === 'string' && !rule.cwd.startsWith('/'))
    refuse('cwd', 'The working directory must be an absolute path.');
  if (typeof rule.shell === 'string' && !isShell(rule.shell)) refuse('shell', 'This shell is not known.');
  if (typeof rule.expires_at === 'number' && !Number.isFinite(rule.expires_at))
    refuse('expires_at', 'The expiry is not a time.');
  if (rule.kind !== 'tool_call' && (rule.matchers ?? []).length > 0)
    refuse('matchers', 'Argument matchers are for tool calls.');
  if (rule.kind !== 'file_transfer' && typeof rule.direction === 'string')
    refuse('direction', 'A direction is for file transfers.');
  for (const [at, matcher] of (rule.matchers ?? []).entries()) {
    const path = `matchers.${at}`;
    if (!JSON_POINTER.test(matcher.pointer)) refuse(`${path}.pointer`, 'This is not a JSON pointer (RFC 6901).');
    if (matcher.equals === undefined && matcher.glob === undefined) refuse(path, 'A matcher needs "equals" or "glob".');
    const glob = matcher.glob === undefined ? null : parseWordPattern(matcher.glob);
    if (glob?.ok === false) refuse(`${path}.glob`, glob.message);
  }
  return problems;
}

function patternProblems(rule: Rule, defaultShell: Shell): RuleFieldProblem[] {
  const { pattern } = rule;
  if (pattern === '') return [onPattern('The pattern is empty.')];
  if (pattern.length > MAX_PATTERN_LENGTH)
    return [onPattern(`The pattern is longer than ${MAX_PATTERN_LENGTH} characters.`)];
  if (!pattern.isWellFormed() || pattern.includes('\0'))
    return [onPattern('The pattern holds characters that no command can have.')];
  switch (rule.pattern_type) {
    case 'exact':
      return exactProblems(rule, defaultShell);
    case 'glob':
      return globProblems(rule);
    case 'regex': {
      const problem = regexProblem(pattern);
      if (problem !== null) return [onPattern(problem)];
      return rule.effect === 'allow' ? allowRegexProblems(rule) : [];
    }
  }
}

function exactProblems(rule: Rule, defaultShell: Shell): RuleFieldProblem[] {
  if (rule.kind !== 'command') return [];
  if (rule.pattern.startsWith(FINGERPRINT_PREFIX))
    return FINGERPRINT.test(rule.pattern.slice(FINGERPRINT_PREFIX.length))
      ? []
      : [onPattern('A fingerprint is 43 characters of base64url.')];
  const analysis = analyze(rule.pattern, rule.shell ?? defaultShell);
  if (!analysis.parseable)
    return [onPattern(`No rule can be made for a line that is not understood: ${analysis.reasons.join(' ')}`)];
  if (rule.effect === 'allow' && typeof rule.cwd !== 'string' && dependsOnFolder(analysis))
    return [{ path: 'cwd', message: 'What this line runs depends on the working directory: name it.' }];
  return [];
}

function globProblems(rule: Rule): RuleFieldProblem[] {
  switch (rule.kind) {
    case 'command': {
      const parsed = parseCommandPattern(rule.pattern);
      if (!parsed.ok) return [onPattern(parsed.message)];
      if (parsed.pattern.words.length > MAX_GLOB_WORDS)
        return [onPattern(`A glob holds at most ${MAX_GLOB_WORDS} words.`)];
      return rule.effect === 'allow' ? allowGlobProblems(rule, parsed.pattern) : [];
    }
    case 'tool_call': {
      const parsed = parseWordPattern(rule.pattern);
      if (!parsed.ok) return [onPattern(parsed.message)];
      return rule.effect === 'allow' ? allowAnythingProblems(rule.pattern, 'a tool') : [];
    }
    case 'file_transfer': {
      const parsed = parsePathPattern(rule.pattern);
      if (!parsed.ok) return [onPattern(parsed.message)];
      return rule.effect === 'allow' ? allowAnythingProblems(rule.pattern, 'a folder') : [];
    }
  }
}

/** One literal program, or a group of them, and then the end, a space, or something that begins with one. */
const LITERAL_WORD = String.raw`(?:[\w/@:-]|\\[.+\-])+`;
const NAMES_PROGRAM = new RegExp(
  String.raw`^\^?(?:${LITERAL_WORD}|\((?:\?:)?${LITERAL_WORD}(?:\|${LITERAL_WORD})*\))(?: |\\s|\$|$|\((?:\?:)?(?: |\\s))`,
);

/** A regex that may begin with anything would allow every program there is. */
function allowRegexProblems({ kind, pattern }: Rule): RuleFieldProblem[] {
  if (kind !== 'command') return allowAnythingProblems(pattern.replaceAll('.*', '*'), 'what it allows');
  if (alternatives(pattern).every((branch) => NAMES_PROGRAM.test(branch))) return [];
  return [onPattern('An allow rule begins with the program it allows, or a group such as (docker|podman), literally.')];
}

/** The branches of a regex's outermost alternation: each can match by itself. */
function alternatives(pattern: string): string[] {
  const branches = [''];
  let depth = 0;
  let inClass = false;
  for (const [piece] of pattern.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (piece === '[') inClass = true;
    else if (piece === ']') inClass = false;
    else if (!inClass && piece === '(') depth += 1;
    else if (!inClass && piece === ')') depth -= 1;
    if (piece === '|' && depth === 0 && !inClass) branches.push('');
    else branches[branches.length - 1] += piece;
  }
  return branches;
}

/** A pattern of wildcards alone. */
function allowAnythingProblems(pattern: string, what: string): RuleFieldProblem[] {
  const named = pattern.replaceAll(/[*?/^$.]/g, '');
  return named === '' ? [onPattern(`An allow rule names ${what}; a wildcard cannot stand for everything.`)] : [];
}

/** What may be denied, but would allow more than anybody can oversee. */
function allowGlobProblems(rule: Rule, glob: CommandPattern): RuleFieldProblem[] {
  const problems: RuleFieldProblem[] = [];
  const [program] = glob.words;
  if (program?.kind === 'any' || program?.kind === 'any-words')
    problems.push(onPattern('An allow rule names its program; a wildcard cannot stand for it.'));
  if (glob.words.length === 0 && glob.redirections.length > 0 && glob.assignments.length > 0)
    problems.push(onPattern('Redirections and assignments without a command need a rule each.'));
  const relativeTarget = glob.redirections.some(
    ({ target }) => target.kind === 'literal' && !target.text.startsWith('/'),
  );
  if (glob.redirections.some(({ target }) => target.kind === 'any'))
    problems.push(onPattern('A bare "*" cannot stand for a file: name its folder, such as /tmp/*.'));
  if (typeof rule.cwd === 'string') return problems;
  if (relativeTarget)
    problems.push({
      path: 'cwd',
      message: 'A relative path depends on the working directory: name it, or write the whole path.',
    });
  else if (wordsDependOnFolder(glob.words.map((word) => (word.kind === 'literal' ? word.text : null))))
    problems.push({ path: 'cwd', message: 'What this runs depends on the working directory: name it.' });
  return problems;
}

/** Judges the examples by this rule alone. */
function exampleProblems(rule: Rule, defaultShell: Shell): RuleFieldProblem[] {
  const { matches = [], does_not_match: others = [] } = rule.examples ?? {};
  if (matches.length + others.length === 0) return [];
  if (namesNoProgram(rule))
    return [
      {
        path: 'examples',
        message: 'A rule for redirections or assignments alone allows no command: leave out the examples.',
      },
    ];
  const alone: Rule = {
    ...rule,
    scope: { type: 'global' },
    agent_id: null,
    session_id: null,
    expires_at: null,
    shadow: false,
  };
  const snapshot = createSnapshot({ org: '', version: 0, rules: [alone], rememberDynamic: 'yes' });
  const speaks = (text: string): boolean => {
    const request = exampleRequest(rule, text, defaultShell);
    const decision = decide(snapshot, request, 0);
    return decision.rule_ids.includes(rule.id) || decision.commands.some((command) => command.rule_id === rule.id);
  };
  const wrong = (path: string, message: string) => (text: string, at: number) =>
    speaks(text) === (path === 'matches') ? [] : [{ path: `examples.${path}.${at}`, message: `${message}: ${text}` }];
  return [
    ...matches.flatMap(wrong('matches', 'The rule does not match this example')),
    ...others.flatMap(wrong('does_not_match', 'The rule matches this example')),
  ];
}

function namesNoProgram(rule: Rule): boolean {
  if (rule.kind !== 'command' || rule.pattern_type !== 'glob') return false;
  const parsed = parseCommandPattern(rule.pattern);
  return parsed.ok && parsed.pattern.words.length === 0;
}

function exampleRequest(rule: Rule, text: string, defaultShell: Shell): DecisionRequest {
  switch (rule.kind) {
    case 'command':
      return { kind: 'command', command: text, shell: rule.shell ?? defaultShell, cwd: rule.cwd ?? '/', agent_id: '' };
    case 'tool_call':
      return { kind: 'tool_call', tool: text, arguments: {}, agent_id: '' };
    case 'file_transfer':
      return { kind: 'file_transfer', direction: rule.direction ?? 'upload', paths: [text], agent_id: '' };
  }
}

function warningsAbout(rule: Rule): RuleFieldProblem[] {
  if (rule.kind !== 'command' || rule.effect !== 'allow' || rule.pattern_type !== 'glob') return [];
  const parsed = parseCommandPattern(rule.pattern);
  const program = parsed.ok ? parsed.pattern.words[0] : undefined;
  if (program?.kind !== 'literal' || !takesCode(program.text)) return [];
  const wildcards = parsed.ok && parsed.pattern.words.some((word) => word.kind !== 'literal');
  return wildcards
    ? [
        onPattern(
          `${program.text} can run what its words name: wildcards cover only words that are known to be harmless.`,
        ),
      ]
    : [];
}

const onPattern = (message: string): RuleFieldProblem => ({ path: 'pattern', message });
