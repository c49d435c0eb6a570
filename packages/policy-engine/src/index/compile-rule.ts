import { type CommandPattern, parseCommandPattern, parseWordPattern } from '../pattern/command-pattern.js';
import { parsePathPattern } from '../pattern/path-pattern.js';
import { RegexPattern, regexProblem } from '../pattern/regex-pattern.js';
import type { Rule } from '../rule.js';
import { type CompiledPattern, type RuleEntry, ruleEntry } from './rule-bucket.js';

/** Reads a rule's pattern. A pattern that cannot be read is kept as `broken`: a deny rule is never skipped. */
export function compileRule(rule: Rule, added: number): RuleEntry {
  return ruleEntry(rule, compilePattern(rule), added);
}

function compilePattern(rule: Rule): CompiledPattern {
  for (const { glob } of rule.matchers ?? []) {
    const parsed = glob === undefined ? null : parseWordPattern(glob);
    if (parsed !== null && !parsed.ok) return { type: 'broken', problem: parsed.message };
  }
  switch (rule.pattern_type) {
    case 'exact':
      return { type: 'exact' };
    case 'glob':
      return compileGlob(rule);
    case 'regex':
      return compileRegex(rule);
    default:
      return { type: 'broken', problem: `Unknown pattern type "${String(rule.pattern_type satisfies never)}".` };
  }
}

function compileGlob(rule: Rule): CompiledPattern {
  switch (rule.kind) {
    case 'command': {
      const parsed = parseCommandPattern(rule.pattern);
      if (!parsed.ok) return { type: 'broken', problem: parsed.message };
      return { type: 'command-glob', glob: parsed.pattern, wildcards: hasWildcards(parsed.pattern) };
    }
    case 'tool_call': {
      const parsed = parseWordPattern(rule.pattern);
      return parsed.ok ? { type: 'words', words: [parsed.pattern] } : { type: 'broken', problem: parsed.message };
    }
    case 'file_transfer': {
      const parsed = parsePathPattern(rule.pattern);
      return parsed.ok ? { type: 'words', words: parsed.segments } : { type: 'broken', problem: parsed.message };
    }
    default:
      return { type: 'broken', problem: `Unknown kind "${String(rule.kind satisfies never)}".` };
  }
}

/** A deny or review rule is compiled at once, so that an invalid one is known; allow rules at their first use. */
function compileRegex(rule: Rule): CompiledPattern {
  if (rule.effect !== 'allow') {
    const problem = regexProblem(rule.pattern);
    if (problem !== null) return { type: 'broken', problem };
  }
  return { type: 'regex', regex: new RegexPattern(rule.pattern) };
}

/** Has the pattern any wildcard? */
export function hasWildcards(glob: CommandPattern): boolean {
  const parts = [
    ...glob.words,
    ...glob.assignments.map((assignment) => assignment.value),
    ...glob.redirections.map((redirection) => redirection.target),
  ];
  return parts.some((part) => part.kind !== 'literal');
}
