import type { Rule } from '@expacti/contracts';
import { expiryOf, type RuleDraft } from './rule-draft.js';
import { ruleFingerprint } from './rule-fingerprint.js';

/**
 * The approval that a rule stands on after a change. What two people approved stays theirs while the rule says the same
 * and ends no later; anything else stands on whoever changed it, so that no edit smuggles itself under an older approval.
 */
export function strengthAfterChange(
  before: Rule,
  after: RuleDraft,
  editor: Rule['approved_for'],
): Rule['approved_for'] {
  const endOf = (rule: RuleDraft) => expiryOf(rule) ?? Number.POSITIVE_INFINITY;
  const isSame = ruleFingerprint(before) === ruleFingerprint(after) && endOf(after) <= endOf(before);
  return isSame ? before.approved_for : editor;
}
