import type { FieldProblem, Org } from '@expacti/contracts';
import { createSnapshot } from '@expacti/policy-engine';
import { engineRule } from './engine-rule.js';
import { isExpired, type RuleDraft } from './rule-draft.js';
import { exactRefusal } from './self-judgement.js';

/** What the validity of a rule depends on beside the rule itself. */
export interface RuleSetting {
  /** Milliseconds since the epoch. */
  now: number;
  rememberDynamic: Org['remember_dynamic'];
}

/** Everything that keeps a rule from being saved as it is written, by field; empty when nothing does. */
export function ruleProblems(draft: RuleDraft, setting: RuleSetting): FieldProblem[] {
  const compiled = createSnapshot({ org: '', version: 0, rules: [engineRule(draft, 'rule')] });
  const problems: FieldProblem[] = compiled.problems().map(({ message }) => ({ path: 'pattern', message }));
  if (isExpired(draft, setting.now)) problems.push({ path: 'expires_at', message: 'is over already' });
  if (problems.length > 0) return problems;
  const refusal = exactRefusal(draft, setting.now, setting.rememberDynamic);
  return refusal === null ? [] : [{ path: 'pattern', message: refusal }];
}
