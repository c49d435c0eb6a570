import { meetsRequirement } from '../approval/requirement.js';
import type { Decision, Verdict } from '../decision.js';
import type { PatternIndex } from '../index/pattern-index.js';
import type { RuleEntry } from '../index/rule-bucket.js';
import { COVERS_ALL } from '../index/word-trie.js';
import { plainSegments, resolvedSegments } from '../pattern/path-pattern.js';
import type { FileTransferRequest } from '../request.js';
import type { Applicability } from './applicability.js';
import { BestRule } from './best-rule.js';
import { LineFacts } from './line-facts.js';

/** Judges a file transfer: every path must be allowed; one denied path denies the transfer. */
export function decideFileTransfer(applicability: Applicability, request: FileTransferRequest): Decision {
  const facts = new LineFacts(applicability, null);
  const judged = request.paths.map((path) => judgePath(applicability, request, path, facts));
  const verdict = worst(judged.map((path) => path.verdict));
  const speaking = judged.filter((path) => path.verdict === verdict);
  const rules = speaking.flatMap(({ entry }) => (entry === null ? [] : [entry.rule.id]));
  const shadows = judged.every(({ verdict, shadow }) => verdict === 'allow' || shadow !== null)
    ? judged.flatMap(({ shadow, verdict }) => (verdict === 'allow' || shadow === null ? [] : [shadow.rule.id]))
    : [];
  return {
    verdict,
    parseable: true,
    rule_ids: [...new Set(rules)],
    reasons: [...new Set(speaking.map((path) => path.reason))],
    commands: [],
    shadow_rule_ids: [...new Set(shadows)].sort(),
    requirement: facts.requirement,
  };
}

interface JudgedPath {
  verdict: Verdict;
  entry: RuleEntry | null;
  shadow: RuleEntry | null;
  reason: string;
}

function judgePath(
  applicability: Applicability,
  request: FileTransferRequest,
  path: string,
  facts: LineFacts,
): JudgedPath {
  const { allow, restrict } = applicability.snapshot.index.of('file_transfer');
  const deny = new BestRule();
  const review = new BestRule();
  const restricting = (entry: RuleEntry, valid: boolean): void => {
    if (!suitsDirection(entry, request)) return;
    (entry.rule.effect === 'deny' && valid && entry.pattern.type !== 'broken' ? deny : review).offer(entry);
  };
  const resolved = resolvedSegments(path);
  visitMatching(restrict, path, resolved, applicability, restricting);
  if (`/${resolved.join('/')}` !== path)
    visitMatching(restrict, `/${resolved.join('/')}`, resolved, applicability, restricting);
  if (deny.live !== null)
    return { verdict: 'deny', entry: deny.live, shadow: null, reason: `Rule ${deny.live.rule.id} denies “${path}”.` };
  if (review.live !== null)
    return {
      verdict: 'review',
      entry: review.live,
      shadow: null,
      reason: `Rule ${review.live.rule.id} asks for a person's review of “${path}”.`,
    };
  const segments = plainSegments(path);
  if (segments === null)
    return {
      verdict: 'review',
      entry: null,
      shadow: null,
      reason: `No rule covers “${path}”: it is not absolute, or has empty, "." or ".." segments.`,
    };
  const allowed = new BestRule();
  visitMatching(allow, path, segments, applicability, (entry, valid) => {
    if (!valid || entry.pattern.type === 'broken' || !suitsDirection(entry, request)) return;
    if (meetsRequirement(entry.rule.approved_for, facts.requirement)) allowed.offer(entry);
  });
  if (allowed.live !== null)
    return {
      verdict: 'allow',
      entry: allowed.live,
      shadow: null,
      reason: `Rule ${allowed.live.rule.id} allows “${path}”.`,
    };
  return {
    verdict: 'review',
    entry: null,
    shadow: allowed.shadow,
    reason: `No rule allows the ${request.direction} of “${path}”.`,
  };
}

function suitsDirection(entry: RuleEntry, request: FileTransferRequest): boolean {
  const { direction } = entry.rule;
  return direction === null || direction === undefined || direction === request.direction;
}

function visitMatching(
  index: PatternIndex,
  path: string,
  segments: readonly string[],
  applicability: Applicability,
  visit: (entry: RuleEntry, valid: boolean) => void,
): void {
  if (index.size === 0) return;
  const take = (valid: boolean) => (entry: RuleEntry) => visit(entry, valid);
  applicability.visit(index.broken, take(true));
  applicability.visit(index.exact.get(path), take(true));
  for (const bucket of index.globs.match(segments, COVERS_ALL)) applicability.visit(bucket, take(true));
  for (const { bucket, valid } of index.regexes.match(path)) applicability.visit(bucket, take(valid));
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('deny')) return 'deny';
  return verdicts.length === 0 || verdicts.includes('review') ? 'review' : 'allow';
}
