import type { CommandPattern } from '../pattern/command-pattern.js';
import { plainPath, resolvedSegments } from '../pattern/path-pattern.js';
import type { RegexPattern } from '../pattern/regex-pattern.js';
import type { WordPattern } from '../pattern/word-pattern.js';
import type { Rule } from '../rule.js';

/** What a rule's pattern was read as. */
export type CompiledPattern =
  | { type: 'exact' }
  | { type: 'command-glob'; glob: CommandPattern; wildcards: boolean }
  | { type: 'words'; words: readonly WordPattern[] }
  | { type: 'regex'; regex: RegexPattern }
  /** Could not be read: a deny or review rule then counts as matching everything in its scope, an allow rule nothing. */
  | { type: 'broken'; problem: string };

/** What a rule is bound to, as bits: most rules are ruled out, or in, without a look at the rule itself. */
export const RuleFlag = {
  /** Scope, agent or session. */
  place: 1,
  /** Shell or working directory. */
  setting: 2,
  shadow: 4,
  allows: 8,
  /** Its glob spells redirections or assignments. */
  extras: 16,
} as const;

/**
 * One rule in the index. Index structures only grow; a snapshot with number `s` sees an entry while `added <= s < removed`,
 * so that older snapshots keep giving the same answers while newer ones share the structure.
 */
export interface RuleEntry {
  readonly rule: Rule;
  readonly pattern: CompiledPattern;
  readonly added: number;
  removed: number;
  /** Epoch milliseconds; infinite where the rule does not expire. */
  readonly expiresAt: number;
  /** Sum of `RuleFlag` values. */
  readonly flags: number;
  /** The rule's working directory in the one spelling that requests are compared in; null where it names none. */
  readonly folder: string | null;
}

/** The entry of a rule that is in force from a snapshot on. */
export function ruleEntry(rule: Rule, pattern: CompiledPattern, added: number): RuleEntry {
  return {
    rule,
    pattern,
    added,
    removed: Number.POSITIVE_INFINITY,
    expiresAt: rule.expires_at ?? Number.POSITIVE_INFINITY,
    flags: flagsOf(rule, pattern),
    folder: typeof rule.cwd === 'string' ? comparableFolder(rule, rule.cwd) : null,
  };
}

/** Where a deny rule's folder has `..`, it means the folder that this most likely leads to. */
function comparableFolder({ effect }: Rule, cwd: string): string {
  const plain = plainPath(cwd);
  return effect === 'allow' || !plain.includes('/..') ? plain : `/${resolvedSegments(plain).join('/')}`;
}

function flagsOf(rule: Rule, pattern: CompiledPattern): number {
  const { scope, agent_id, session_id, shell, cwd } = rule;
  const isPlaced = scope.type !== 'global' || typeof agent_id === 'string' || typeof session_id === 'string';
  const hasExtras =
    pattern.type === 'command-glob' && pattern.glob.redirections.length + pattern.glob.assignments.length > 0;
  return (
    (isPlaced ? RuleFlag.place : 0) |
    (typeof shell === 'string' || typeof cwd === 'string' ? RuleFlag.setting : 0) |
    (rule.shadow === true ? RuleFlag.shadow : 0) |
    (rule.effect === 'allow' ? RuleFlag.allows : 0) |
    (hasExtras ? RuleFlag.extras : 0)
  );
}

/** For whom and where a request is made, as far as rules are bound to it. */
export interface Place {
  readonly agent: string;
  readonly session: string | null;
  readonly target: string | null;
  readonly targetGroups: readonly string[];
  /** Every key under which a rule for this place may be filed in a large bucket. */
  keys(): readonly string[];
}

/** The key under which a large bucket files a rule: rules for other places are then not even looked at. */
export function placeKey(scope: string, agent: string, session: string): string {
  return `${scope}\n${agent}\n${session}`;
}

function keyOfRule({ scope, agent_id, session_id }: Rule): string {
  return placeKey(scope.type === 'global' ? '' : `${scope.type} ${scope.id}`, agent_id ?? '', session_id ?? '');
}

/** Is a rule bound to no place, or to this one? */
function isFor(entry: RuleEntry, place: Place): boolean {
  if ((entry.flags & RuleFlag.place) === 0) return true;
  const { scope, agent_id, session_id } = entry.rule;
  if (typeof agent_id === 'string' && agent_id !== place.agent) return false;
  if (typeof session_id === 'string' && session_id !== place.session) return false;
  switch (scope.type) {
    case 'global':
      return true;
    case 'group':
      return place.targetGroups.includes(scope.id) || mayBeMeant(entry, place);
    case 'target':
      return scope.id === place.target || mayBeMeant(entry, place);
    default:
      // A scope of an unknown shape: the rule restricts everywhere and allows nowhere.
      return (entry.flags & RuleFlag.allows) === 0;
  }
}

/** A deny or review rule for some target also speaks where the target is not known. */
function mayBeMeant(entry: RuleEntry, place: Place): boolean {
  return place.target === null && (entry.flags & RuleFlag.allows) === 0;
}

/** Beyond this many rules with one pattern, they are filed by place. */
const FEW = 8;

/** Rules with the same pattern. Most buckets hold one rule, which is kept without any list. */
export class RuleBucket {
  private only: RuleEntry | null = null;
  private few: RuleEntry[] | null = null;
  private many: Map<string, RuleEntry[]> | null = null;
  /** Beside `many`: the deny and review rules for some target, for requests that name none. */
  private scoped: RuleEntry[] | null = null;

  add(entry: RuleEntry): void {
    if (this.many !== null) this.file(this.many, entry);
    else if (this.few === null && this.only === null) this.only = entry;
    else if ((this.few?.length ?? 1) < FEW) {
      this.few = [...(this.few ?? (this.only === null ? [] : [this.only])), entry];
      this.only = null;
    } else {
      this.many = new Map();
      for (const known of this.few ?? []) this.file(this.many, known);
      this.file(this.many, entry);
      this.few = null;
    }
  }

  /** Visits the rules that are for a place. */
  visit(place: Place, visit: (entry: RuleEntry) => void): void {
    if (this.only !== null) {
      if (isFor(this.only, place)) visit(this.only);
    } else if (this.few !== null) {
      for (const entry of this.few) if (isFor(entry, place)) visit(entry);
    } else if (this.many !== null) {
      for (const key of place.keys()) {
        const entries = this.many.get(key);
        if (entries !== undefined) for (const entry of entries) visit(entry);
      }
      if (place.target === null && this.scoped !== null)
        for (const entry of this.scoped) if (isFor(entry, place)) visit(entry);
    }
  }

  private file(many: Map<string, RuleEntry[]>, entry: RuleEntry): void {
    const { rule, flags } = entry;
    const key = keyOfRule(rule);
    const entries = many.get(key);
    if (entries === undefined) many.set(key, [entry]);
    else entries.push(entry);
    if (rule.scope.type === 'global' || (flags & RuleFlag.allows) !== 0) return;
    this.scoped ??= [];
    this.scoped.push(entry);
  }
}
