import type { FieldProblem, Org } from '@expacti/contracts';
import { FINGERPRINT_PREFIX, validateRule, whatCanChange } from '@expacti/policy-engine';
import { analyze } from '@expacti/shell';
import { engineRule } from './engine-rule.js';
import { isExpired, type RuleDraft } from './rule-draft.js';

/** What the validity of a rule depends on beside the rule itself. */
export interface RuleSetting {
  /** Milliseconds since the epoch. */
  now: number;
  rememberDynamic: Org['remember_dynamic'];
}

/** Everything that keeps a rule from being saved as it is written, by field; empty when nothing does. */
export function ruleProblems(draft: RuleDraft, setting: RuleSetting): FieldProblem[] {
  const validity = validateRule(engineRule(draft, 'rule'));
  const problems: FieldProblem[] = validity.ok ? [] : [...validity.problems];
  if (isExpired(draft, setting.now)) problems.push({ path: 'expires_at', message: 'is over already' });
  if (problems.length > 0) return problems;
  const refusal = changeableRefusal(draft, setting.rememberDynamic);
  return refusal === null ? [] : [{ path: 'pattern', message: refusal }];
}

/** An exact allow rule for a line that can do something else tomorrow though its text stays the same needs the org's leave. */
function changeableRefusal(draft: RuleDraft, rememberDynamic: Org['remember_dynamic']): string | null {
  if (!allowsOneLine(draft)) return null;
  if (rememberDynamic === 'yes' || (rememberDynamic === 'session' && draft.session_id !== null)) return null;
  const change = whatCanChange(analyze(draft.pattern, draft.shell ?? 'bash'));
  if (change === null) return null;
  const limit =
    rememberDynamic === 'session'
      ? 'this organisation remembers such lines for one session only'
      : 'this organisation does not remember such lines';
  return `The line can do something else tomorrow though its text stays the same (${change}): ${limit}.`;
}

const allowsOneLine = ({ effect, kind, pattern_type, pattern }: RuleDraft): boolean =>
  effect === 'allow' && kind === 'command' && pattern_type === 'exact' && !pattern.startsWith(FINGERPRINT_PREFIX);
