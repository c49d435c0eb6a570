import { meetsRequirement } from '../approval/requirement.js';
import type { Decision, Verdict } from '../decision.js';
import type { PatternIndex } from '../index/pattern-index.js';
import type { RuleEntry } from '../index/rule-bucket.js';
import { COVERS_ALL } from '../index/word-trie.js';
import type { ToolCallRequest } from '../request.js';
import type { Applicability } from './applicability.js';
import { matchesArguments } from './argument-match.js';
import { BestRule } from './best-rule.js';
import { LineFacts } from './line-facts.js';

/** Judges a tool call: the tool's name against the pattern, the arguments against the matchers. */
export function decideToolCall(applicability: Applicability, request: ToolCallRequest): Decision {
  const facts = new LineFacts(applicability, null);
  const { allow, restrict } = applicability.snapshot.index.of('tool_call');
  const deny = new BestRule();
  const review = new BestRule();
  visitMatching(restrict, request.tool, applicability, (entry, valid) => {
    if (!valid || entry.pattern.type === 'broken') review.offer(entry);
    else if (matchesArguments(entry.rule.matchers ?? [], request.arguments, 'deny'))
      (entry.rule.effect === 'deny' ? deny : review).offer(entry);
  });
  const allowed = new BestRule();
  visitMatching(allow, request.tool, applicability, (entry, valid) => {
    if (!valid || entry.pattern.type === 'broken') return;
    if (!matchesArguments(entry.rule.matchers ?? [], request.arguments, 'allow')) return;
    if (meetsRequirement(entry.rule.approved_for, facts.requirement)) allowed.offer(entry);
  });
  const speaking = deny.live ?? review.live ?? allowed.live;
  const verdict: Verdict = speaking?.rule.effect ?? 'review';
  const shadow = verdict === 'review' && review.live === null ? allowed.shadow : null;
  return {
    verdict: speaking?.pattern.type === 'broken' ? 'review' : verdict,
    parseable: true,
    rule_ids: speaking === null ? [] : [speaking.rule.id],
    reasons: [reasonFor(speaking, request.tool)],
    commands: [],
    shadow_rule_ids: [
      ...new Set([deny.shadow, review.shadow, shadow].flatMap((entry) => (entry === null ? [] : [entry.rule.id]))),
    ],
    requirement: facts.requirement,
  };
}

function visitMatching(
  index: PatternIndex,
  tool: string,
  applicability: Applicability,
  visit: (entry: RuleEntry, valid: boolean) => void,
): void {
  if (index.size === 0) return;
  const take = (valid: boolean) => (entry: RuleEntry) => visit(entry, valid);
  applicability.visit(index.broken, take(true));
  applicability.visit(index.exact.get(tool), take(true));
  for (const bucket of index.globs.match([tool], COVERS_ALL)) applicability.visit(bucket, take(true));
  for (const { bucket, valid } of index.regexes.match(tool)) applicability.visit(bucket, take(valid));
}

function reasonFor(entry: RuleEntry | null, tool: string): string {
  if (entry === null) return `No rule allows the tool “${tool}” with these arguments.`;
  if (entry.pattern.type === 'broken')
    return `Rule ${entry.rule.id} cannot be read, and it may have meant this: ${entry.pattern.problem}`;
  switch (entry.rule.effect) {
    case 'allow':
      return `Rule ${entry.rule.id} allows this.`;
    case 'deny':
      return `Rule ${entry.rule.id} denies this.`;
    case 'review':
      return `Rule ${entry.rule.id} asks for a person's review.`;
  }
}
