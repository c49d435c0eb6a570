import { type Analysis, analyze, type SimpleCommand } from '@expacti/shell';
import type { Decision, JudgedCommand, Verdict } from '../decision.js';
import type { RuleEntry } from '../index/rule-bucket.js';
import type { CommandRequest } from '../request.js';
import { type Allowance, allowanceFor, joinedAllowance } from './allowances.js';
import type { Applicability } from './applicability.js';
import { type CommandView, commandViews } from './command-view.js';
import { decideEncrypted } from './decide-encrypted.js';
import { exactAllowance } from './exact-allowance.js';
import { explainReview } from './explain-review.js';
import { LineFacts } from './line-facts.js';
import { possibleRestriction, type Restriction, restrictionsOn } from './restrictions.js';
import { wrapperChains } from './wrapper-chain.js';

/** Judges a command line. */
export function decideCommand(applicability: Applicability, request: CommandRequest, given: Analysis | null): Decision {
  if (request.encrypted !== null && request.encrypted !== undefined)
    return decideEncrypted(applicability, request.encrypted);
  const analysis = given ?? analyze(request.command, request.shell);
  return new LineJudgement(applicability, request, analysis).decide();
}

class LineJudgement {
  private readonly views: readonly CommandView[];
  private readonly facts: LineFacts;
  private readonly commands: JudgedCommand[];
  private readonly reasons: string[] = [];
  private readonly shadows = new Set<string>();

  constructor(
    private readonly applicability: Applicability,
    private readonly request: CommandRequest,
    private readonly analysis: Analysis,
  ) {
    this.views = commandViews(analysis, applicability.snapshot.settings.tables);
    this.facts = new LineFacts(applicability, analysis);
    this.commands = analysis.commands.map(judgedCommand);
  }

  decide(): Decision {
    const restrictions = this.views.map((view) => restrictionsOn(view, this.request.command, this.applicability));
    const allowed = this.judgeAllow();
    const restricted = this.judgeRestrictions(restrictions, allowed);
    const verdict = restricted?.verdict ?? (allowed.length > 0 ? 'allow' : 'review');
    if (verdict === 'review' && restricted === null) this.explainUncovered();
    const rules = restricted?.rules ?? allowed;
    return this.decision(verdict, rules);
  }

  /** Deny before review; each command that a rule speaks about is marked. */
  private judgeRestrictions(
    restrictions: readonly Restriction[],
    allowed: readonly RuleEntry[],
  ): { verdict: Verdict; rules: RuleEntry[] } | null {
    const rules: RuleEntry[] = [];
    let verdict: Verdict | null = null;
    for (const effect of ['deny', 'review'] as const) {
      for (const [at, restriction] of restrictions.entries()) {
        const { live, shadow } = restriction[effect];
        if (shadow !== null && (verdict === null || effect === 'deny')) this.shadows.add(shadow.rule.id);
        if (live === null || (verdict !== null && verdict !== effect)) continue;
        verdict = effect;
        rules.push(live);
        this.mark(at, effect, live, restrictionReason(effect, live));
      }
    }
    if (verdict !== null) return { verdict, rules };
    return allowed.length > 0 ? this.judgePossibleRestrictions() : null;
  }

  /** An exact rule may allow words that are not literal: those could still be what a deny rule is about. */
  private judgePossibleRestrictions(): { verdict: Verdict; rules: RuleEntry[] } | null {
    for (const [at, view] of this.views.entries()) {
      const possible = possibleRestriction(view, this.applicability);
      if (possible === null) continue;
      const reason = `Rule ${possible.rule.id} (${possible.rule.effect}) could match what is not known before this runs.`;
      this.mark(at, 'review', possible, reason);
      return { verdict: 'review', rules: [possible] };
    }
    return null;
  }

  /** The rules that together allow the whole line; empty when something is not allowed. */
  private judgeAllow(): RuleEntry[] {
    if (!this.analysis.parseable) return [];
    const exact = exactAllowance(this.applicability, this.request, this.analysis, this.views, this.facts);
    if (exact.entry !== null) {
      for (const command of this.commands)
        mark(command, 'allow', exact.entry, 'The line is word for word that of the rule.');
      return [exact.entry];
    }
    this.reasons.push(...exact.reasons);
    const entries = this.analysis.strict ? this.allowEachCommand() : [];
    if (entries.length === 0 && exact.shadow !== null) this.shadows.add(exact.shadow.rule.id);
    return entries;
  }

  private allowEachCommand(): RuleEntry[] {
    const changesState = this.views.some((view) => view.command.builtin === 'state' || view.command.words.length === 0);
    const line = { facts: this.facts, changesState };
    const allowances = this.views.map((view) => allowanceFor(view, this.applicability, line));
    this.joinWrappers(allowances, line);
    allowances.forEach((allowance, at) => {
      const [entry] = allowance.rules;
      const command = this.commands[at];
      if (entry !== undefined && command !== undefined) mark(command, 'allow', entry, null);
    });
    if (allowances.length > 0 && allowances.every((allowance) => allowance.rules.length > 0))
      return allowances.flatMap((allowance) => [...allowance.rules]);
    this.noteShadows(allowances);
    return [];
  }

  /** Where a wrapper or what it runs is not allowed alone, one rule may still spell both together. */
  private joinWrappers(allowances: Allowance[], line: { facts: LineFacts; changesState: boolean }): void {
    for (const chain of wrapperChains(this.views)) {
      if (chain.indexes.every((at) => (allowances[at]?.rules.length ?? 0) > 0)) continue;
      const joined = joinedAllowance(chain.joined, this.applicability, line);
      if (joined.withShadow === null) continue;
      for (const at of chain.indexes) if (allowances[at]?.rules.length === 0) allowances[at] = joined;
    }
  }

  private noteShadows(allowances: readonly Allowance[]): void {
    if (allowances.some((allowance) => allowance.withShadow === null)) return;
    for (const { withShadow } of allowances)
      for (const { rule } of withShadow ?? []) if (rule.shadow === true) this.shadows.add(rule.id);
  }

  private explainUncovered(): void {
    if (!this.analysis.parseable) this.reasons.push(...this.analysis.reasons);
    else if (!this.analysis.strict) this.reasons.push(...this.analysis.strictReasons);
    for (const [at, command] of this.commands.entries()) {
      const view = this.views[at];
      if (command.verdict === 'allow' || view === undefined) continue;
      command.reasons.push(...explainReview(view, this.applicability, this.analysis));
      this.reasons.push(...command.reasons);
    }
    if (this.commands.length === 0 && this.reasons.length === 0) this.reasons.push('The line runs no command.');
  }

  private mark(at: number, verdict: Verdict, entry: RuleEntry, reason: string): void {
    const command = this.commands[at];
    if (command !== undefined) mark(command, verdict, entry, reason);
    this.reasons.push(reason);
  }

  private decision(verdict: Verdict, rules: readonly RuleEntry[]): Decision {
    if (verdict !== 'allow')
      for (const command of this.commands)
        if (command.verdict === 'allow' && !this.analysis.strict) command.verdict = verdict;
    return {
      verdict,
      parseable: this.analysis.parseable,
      rule_ids: uniqueIds(rules),
      reasons: unique(this.reasons),
      commands: this.commands,
      shadow_rule_ids: verdict === 'deny' ? [] : [...this.shadows].sort(),
      requirement: this.facts.requirement,
    };
  }
}

function judgedCommand(command: SimpleCommand): JudgedCommand {
  return {
    argv: command.argv,
    text: command.text,
    dynamic: command.argv === null ? command.words.flatMap((word) => word.dynamic.map((part) => part.text)) : [],
    context: command.context,
    verdict: 'review',
    rule_id: null,
    reasons: [],
  };
}

function mark(command: JudgedCommand, verdict: Verdict, entry: RuleEntry, reason: string | null): void {
  command.verdict = verdict;
  command.rule_id = entry.rule.id;
  command.reasons = reason === null ? [] : [reason];
}

function restrictionReason(effect: Verdict, entry: RuleEntry): string {
  if (entry.pattern.type === 'broken')
    return `Rule ${entry.rule.id} cannot be read, and it may have meant this: ${entry.pattern.problem}`;
  return effect === 'deny' ? `Rule ${entry.rule.id} denies this.` : `Rule ${entry.rule.id} asks for a person's review.`;
}

function uniqueIds(rules: readonly RuleEntry[]): string[] {
  const [only] = rules;
  if (rules.length === 1 && only !== undefined) return [only.rule.id];
  return [...new Set(rules.map((entry) => entry.rule.id))];
}

const unique = (texts: readonly string[]): string[] => (texts.length < 2 ? [...texts] : [...new Set(texts)]);
