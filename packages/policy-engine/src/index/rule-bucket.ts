import type { CommandPattern } from '../pattern/command-pattern.js';
import type { RegexPattern } from '../pattern/regex-pattern.js';
import type { WordPattern } from '../pattern/word-pattern.js';
import type { Rule } from '../rule.js';

/** What a rule's pattern was read as. */
export type CompiledPattern =
  | { type: 'exact' }
  | { type: 'command-glob'; glob: CommandPattern; wildcards: boolean }
  | { type: 'words'; words: readonly WordPattern[] }
  | { type: 'regex'; regex: RegexPattern; spelled: SpelledWords }
  /** Could not be read: a deny or review rule then counts as matching everything in its scope, an allow rule nothing. */
  | { type: 'broken'; problem: string };

/** Which words a regular expression spells out, and so may stand although no wildcard covers them. */
export interface SpelledWords {
  /** Whole words at the start, by position. */
  head: readonly string[];
  /** Whole words anywhere, with how often the expression spells them. */
  anywhere: ReadonlyMap<string, number>;
  /** Starts of words that end in `=`, such as `--since=`. */
  keys: readonly string[];
}

/**
 * One rule in the index. Index structures only grow; a snapshot with number `s` sees an entry while `added <= s < removed`,
 * so that older snapshots keep giving the same answers while newer ones share the structure.
 */
export interface RuleEntry {
  readonly rule: Rule;
  readonly pattern: CompiledPattern;
  readonly added: number;
  removed: number;
}

/** The key under which a rule is filed within a bucket: rules that cannot apply to a request are not even looked at. */
export function applicabilityKey(scope: string, agent: string, session: string): string {
  return `${scope}\n${agent}\n${session}`;
}

/** Key of a rule that applies everywhere. */
export const EVERYWHERE = applicabilityKey('', '', '');

export function keyOfRule(rule: Rule): string {
  const scope = rule.scope.type === 'global' ? '' : `${rule.scope.type} ${rule.scope.id}`;
  return applicabilityKey(scope, rule.agent_id ?? '', rule.session_id ?? '');
}

/** Rules with the same pattern, by where and for whom they apply. */
export class RuleBucket {
  private everywhere: RuleEntry[] | null = null;
  private elsewhere: Map<string, RuleEntry[]> | null = null;

  add(entry: RuleEntry): void {
    const key = keyOfRule(entry.rule);
    if (key === EVERYWHERE) {
      if (this.everywhere === null) this.everywhere = [entry];
      else this.everywhere.push(entry);
      return;
    }
    this.elsewhere ??= new Map();
    const entries = this.elsewhere.get(key);
    if (entries === undefined) this.elsewhere.set(key, [entry]);
    else entries.push(entry);
  }

  /** Visits the entries that could apply to a request with these keys. */
  visit(keys: () => readonly string[], visit: (entry: RuleEntry) => void): void {
    if (this.everywhere !== null) for (const entry of this.everywhere) visit(entry);
    if (this.elsewhere === null) return;
    for (const key of keys()) {
      const entries = this.elsewhere.get(key);
      if (entries !== undefined) for (const entry of entries) visit(entry);
    }
  }
}
