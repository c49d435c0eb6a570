import type { Rule } from '@expacti/contracts';
import type { Rule as EngineRule } from '@expacti/policy-engine';
import { expiryOf, type RuleDraft } from './rule-draft.js';

/** A rule as the engine judges by it. */
export const engineRule = (
  draft: RuleDraft,
  id: string,
  approvedFor: Rule['approved_for'] | null = null,
): EngineRule => ({
  ...draft,
  id,
  expires_at: expiryOf(draft),
  approved_for: approvedFor,
});
