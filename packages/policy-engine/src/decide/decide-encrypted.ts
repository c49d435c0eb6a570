import { meetsRequirement } from '../approval/requirement.js';
import type { Decision } from '../decision.js';
import type { RuleEntry } from '../index/rule-bucket.js';
import type { Applicability } from './applicability.js';
import { BestRule } from './best-rule.js';
import { LineFacts } from './line-facts.js';

/** Exact rules for encrypted commands hold this and the command's fingerprint; they never match a readable command. */
export const FINGERPRINT_PREFIX = 'hmac-sha256:';

/** Judges a command that the server cannot read: only exact rules on its fingerprint apply. */
export function decideEncrypted(applicability: Applicability, encrypted: { fingerprint?: string | null }): Decision {
  const facts = new LineFacts(applicability, null);
  const pattern = typeof encrypted.fingerprint === 'string' ? FINGERPRINT_PREFIX + encrypted.fingerprint : null;
  const { allow, restrict } = applicability.snapshot.index.of('command');
  const restricted = bestOf(applicability, pattern === null ? undefined : restrict.exact.get(pattern), () => true);
  const allowed = bestOf(applicability, pattern === null ? undefined : allow.exact.get(pattern), (entry) =>
    meetsRequirement(entry.rule.approved_for, facts.requirement),
  );
  const speaking = restricted.live ?? allowed.live;
  return {
    verdict: speaking?.rule.effect ?? 'review',
    parseable: false,
    rule_ids: speaking === null ? [] : [speaking.rule.id],
    reasons: speaking === null ? ['The command is encrypted, and no exact rule has its fingerprint.'] : [],
    commands: [],
    shadow_rule_ids: speaking === null && allowed.shadow !== null ? [allowed.shadow.rule.id] : [],
    requirement: facts.requirement,
  };
}

function bestOf(
  applicability: Applicability,
  bucket: Parameters<Applicability['visit']>[0],
  accepts: (entry: RuleEntry) => boolean,
): BestRule {
  const best = new BestRule();
  applicability.visit(bucket, (entry) => {
    // Deny before review before allow, and within one effect the smallest id.
    const outranked = best.live?.rule.effect === 'deny' && entry.rule.effect === 'review';
    if (!accepts(entry) || outranked) return;
    if (best.live?.rule.effect === 'review' && entry.rule.effect === 'deny') best.live = null;
    best.offer(entry);
  });
  return best;
}
