import type { Assignment, Context, Redirection } from '@expacti/shell';
import { meetsRequirement, ONE_APPROVER } from '../approval/requirement.js';
import type { PatternIndex } from '../index/pattern-index.js';
import { type RuleBucket, type RuleEntry, RuleFlag } from '../index/rule-bucket.js';
import type { WildcardGuard } from '../index/word-trie.js';
import { isPlainWord } from '../pattern/normalized-text.js';
import type { RegexPattern } from '../pattern/regex-pattern.js';
import type { SpelledWords } from '../pattern/spelled-words.js';
import { escapesFolder, hasParentSegment } from '../pattern/word-pattern.js';
import type { Applicability } from './applicability.js';
import { BestRule } from './best-rule.js';
import type { CommandView } from './command-view.js';
import { assignedValue, coversValue, fileRedirections, spelledExtras } from './glob-extras.js';
import type { LineFacts } from './line-facts.js';

/** How allow rules cover one command. */
export interface Allowance {
  /** The rules that cover it and its redirections and assignments; empty when something is not covered. */
  rules: readonly RuleEntry[];
  /** The same, as if rules in shadow were in force; null when even they do not cover it. */
  withShadow: readonly RuleEntry[] | null;
}

/** Where a command does not run as it stands, or not when it stands there. A strict line has none of these. */
const UNCOVERED_PLACES: ReadonlySet<Context> = new Set([
  'background',
  'function-body',
  'here-document',
  'substitution',
]);

const NOT_ALLOWED: Allowance = { rules: [], withShadow: null };

/** Guards redirections and assignments: a bare `*` never covers a file or a value. */
const EXTRAS_GUARD = (path: string): WildcardGuard => ({
  covers: () => false,
  coversRest: () => false,
  coversPart: (pattern) => !escapesFolder(pattern, path),
});

/**
 * Looks for the rules that allow one command of a line. The caller has made sure that the line is strict; everything that
 * a rule must not cover by a wildcard is sorted out here.
 */
export function allowanceFor(
  view: CommandView,
  applicability: Applicability,
  line: { facts: LineFacts; changesState: boolean },
): Allowance {
  const { command } = view;
  const index = applicability.snapshot.index.of('command').allow;
  if (!command.patternable || command.opaque || view.ownWords === null || command.builtin === 'code')
    return NOT_ALLOWED;
  if (command.context.some((place) => UNCOVERED_PLACES.has(place))) return NOT_ALLOWED;
  if ((line.changesState || view.leavesFolder) && view.dependsOnFolder) return NOT_ALLOWED;
  return new AllowanceSearch(view, index, applicability, line).run();
}

/** A wrapper and the commands inside it, spelled by one rule together (`sudo systemctl status *`). */
export interface JoinedCommands {
  /** The outermost wrapper; its words are those of all. */
  wrapper: CommandView;
  words: readonly string[];
  guard: WildcardGuard;
  /** What one of them runs depends on the working directory. */
  dependsOnFolder: boolean;
}

/** Looks for one rule that spells a wrapper with all that it runs; wildcards cover words of the innermost command only. */
export function joinedAllowance(
  joined: JoinedCommands,
  applicability: Applicability,
  line: { facts: LineFacts; changesState: boolean },
): Allowance {
  const index = applicability.snapshot.index.of('command').allow;
  if (joined.dependsOnFolder && line.changesState) return NOT_ALLOWED;
  return new AllowanceSearch(joined.wrapper, index, applicability, line, joined.dependsOnFolder).runGlobs(
    joined.words,
    joined.guard,
  );
}

class AllowanceSearch {
  private readonly best = new BestRule();
  /** Rules for redirections and assignments that the best rules leave open. */
  private readonly extrasOf = new Map<RuleEntry, readonly RuleEntry[]>();

  constructor(
    private readonly view: CommandView,
    private readonly index: PatternIndex,
    private readonly applicability: Applicability,
    private readonly line: { facts: LineFacts; changesState: boolean },
    private readonly needsFolder = view.dependsOnFolder,
  ) {}

  run(): Allowance {
    const { view, index } = this;
    const words = view.ownWords ?? [];
    if (words.length === 0) return this.assignmentsAlone();
    for (const bucket of index.globs.match(words, view.coverage)) this.offerBucket(bucket);
    if (this.best.live === null) this.offerRegexes(words);
    return this.result();
  }

  runGlobs(words: readonly string[], guard: WildcardGuard): Allowance {
    for (const bucket of this.index.globs.match(words, guard)) this.offerBucket(bucket);
    return this.result();
  }

  private offerBucket(bucket: RuleBucket): void {
    this.applicability.visit(bucket, (entry) => this.offer(entry));
  }

  private offerRegexes(words: readonly string[]): void {
    const text = this.view.ownText;
    if (text === null) return;
    for (const { bucket, valid } of this.index.regexes.match(text)) {
      if (!valid) continue;
      this.applicability.visit(bucket, (entry) => {
        if (entry.pattern.type === 'regex' && this.coversWords(entry.pattern.regex, words)) this.offer(entry);
      });
    }
  }

  /** The option guard for regular expressions: a word is known to be harmless, or the expression spells it. */
  private coversWords(regex: RegexPattern, words: readonly string[]): boolean {
    const { coverage } = this.view;
    return words.every((word, at) => {
      if (coverage.covers(at) && !hasParentSegment(word)) return true;
      const { spelled } = regex;
      if (spelled.head[at] === word) return true;
      // Elsewhere a piece of the expression could have matched inside a quoted word: only sure where nothing is quoted.
      return words.every(isPlainWord) && spellsOnce(spelled, word, words);
    });
  }

  private offer(entry: RuleEntry): void {
    const { view } = this;
    if (this.needsFolder && typeof entry.rule.cwd !== 'string') return;
    if (view.isBehindPipe && entry.rule.pipeline !== true && !view.coverage.pureFilter) return;
    if (!this.isStrongEnough(entry)) return;
    const extras = this.extrasBeside(entry);
    if (extras === null) return;
    if (extras.length > 0) this.extrasOf.set(entry, extras);
    this.best.offer(entry);
  }

  /** Rules for what the entry itself does not spell; null when something stays uncovered. */
  private extrasBeside(entry: RuleEntry): readonly RuleEntry[] | null {
    const { command } = this.view;
    const open = fileRedirections(command);
    if (open.length === 0 && command.assignments.length === 0) {
      return (entry.flags & RuleFlag.extras) === 0 ? NO_ENTRIES : null;
    }
    const spelled =
      entry.pattern.type === 'command-glob' ? spelledExtras(entry.pattern.glob, command) : NOTHING_SPELLED;
    if (spelled === null) return null;
    if (!spelled.redirections.every((redirection) => this.fileIsSettled(redirection, entry))) return null;
    return this.coverExtras(
      open.filter((redirection) => !spelled.redirections.includes(redirection)),
      command.assignments.filter((assignment) => !spelled.assignments.includes(assignment)),
    );
  }

  private coverExtras(
    redirections: readonly Redirection[],
    assignments: readonly Assignment[],
  ): readonly RuleEntry[] | null {
    const entries: RuleEntry[] = [];
    for (const redirection of redirections) {
      const entry = this.redirectionRule(redirection);
      if (entry === null) return null;
      entries.push(entry);
    }
    for (const assignment of assignments) {
      const entry = this.assignmentRule(assignment);
      if (entry === null) return null;
      entries.push(entry);
    }
    return entries;
  }

  private redirectionRule(redirection: Redirection): RuleEntry | null {
    const path = redirection.target?.literal ?? null;
    if (path === null) return null;
    const best = new BestRule();
    for (const bucket of this.index.redirections.match([redirection.operator, path], EXTRAS_GUARD(path)))
      this.applicability.visit(bucket, (entry) => {
        if (this.fileIsSettled(redirection, entry) && this.isStrongEnough(entry)) best.offer(entry);
      });
    return best.live;
  }

  private assignmentRule(assignment: Assignment): RuleEntry | null {
    const value = assignedValue(assignment);
    if (value === null) return null;
    const best = new BestRule();
    for (const bucket of this.index.assignments.match([assignment.name, value], EXTRAS_GUARD(value)))
      this.applicability.visit(bucket, (entry) => {
        const byWildcard = entry.pattern.type !== 'command-glob' || entry.pattern.wildcards;
        if (coversValue(assignment, byWildcard) && this.isStrongEnough(entry)) best.offer(entry);
      });
    return best.live;
  }

  /** A relative file name says where it leads only in a known folder that the line does not leave. */
  private fileIsSettled(redirection: Redirection, entry: RuleEntry): boolean {
    if (redirection.target?.literal?.startsWith('/') === true) return true;
    return typeof entry.rule.cwd === 'string' && !this.line.changesState && !this.view.leavesFolder;
  }

  private isStrongEnough(entry: RuleEntry): boolean {
    const { requirement } = this.line.facts;
    // Every rule has the default; looking at each would cost a memory access for nothing.
    return requirement === ONE_APPROVER || meetsRequirement(entry.rule.approved_for, requirement);
  }

  /** `NAME=value` without a command changes the commands behind it: only literal rules of its own cover it. */
  private assignmentsAlone(): Allowance {
    const { command } = this.view;
    const rules = this.coverExtras(fileRedirections(command), command.assignments);
    if (rules === null || rules.length === 0) return NOT_ALLOWED;
    const literal = rules.every(({ pattern }) => pattern.type === 'command-glob' && !pattern.wildcards);
    return literal ? { rules, withShadow: rules } : NOT_ALLOWED;
  }

  private result(): Allowance {
    const rules = this.best.live === null ? [] : this.withExtras(this.best.live);
    if (rules.length > 0) return { rules, withShadow: rules };
    return { rules, withShadow: this.best.shadow === null ? null : this.withExtras(this.best.shadow) };
  }

  private withExtras(entry: RuleEntry): RuleEntry[] {
    return [entry, ...(this.extrasOf.get(entry) ?? NO_ENTRIES)];
  }
}

const NO_ENTRIES: readonly RuleEntry[] = [];
const NOTHING_SPELLED = { redirections: [], assignments: [] };

function spellsOnce(spelled: SpelledWords, word: string, words: readonly string[]): boolean {
  const spelledTimes = spelled.anywhere.get(word) ?? 0;
  if (spelledTimes > 0) return words.filter((other) => other === word).length <= spelledTimes;
  const key = spelled.keys.find((start) => word.startsWith(start));
  return key !== undefined && !hasParentSegment(word) && words.filter((other) => other.startsWith(key)).length === 1;
}
