import { expiryOf, isExpired, type RuleDraft } from './rule-draft.js';
import { ruleFingerprint } from './rule-fingerprint.js';

/**
 * Which way a change moves what may run unattended. A change that tightens answers only when no gateway can act on the
 * older rules any more; one that loosens may take a moment to arrive. What could be either counts as tightening.
 */
export type Tendency = 'tightens' | 'loosens';

export function tendencyOfCreation(rule: RuleDraft): Tendency {
  return rule.effect !== 'allow' && !rule.shadow ? 'tightens' : 'loosens';
}

export function tendencyOfRemoval(rule: RuleDraft, now: number): Tendency {
  return rule.effect === 'allow' && !rule.shadow && !isExpired(rule, now) ? 'tightens' : 'loosens';
}

export function tendencyOfUpdate(before: RuleDraft, after: RuleDraft, now: number): Tendency {
  if (ruleFingerprint(before) === ruleFingerprint(after)) {
    // The same rule, perhaps with another end: an allow rule tightens by ending sooner, the others by ending later.
    const lasts = (expiryOf(after) ?? Number.POSITIVE_INFINITY) - (expiryOf(before) ?? Number.POSITIVE_INFINITY);
    if (Number.isNaN(lasts) || lasts === 0) return 'loosens';
    return lasts < 0 ? tendencyOfRemoval(before, now) : tendencyOfCreation(after);
  }
  const tightens = tendencyOfRemoval(before, now) === 'tightens' || tendencyOfCreation(after) === 'tightens';
  return tightens ? 'tightens' : 'loosens';
}
