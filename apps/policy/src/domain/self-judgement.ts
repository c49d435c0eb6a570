import type { Org } from '@expacti/contracts';
import { createSnapshot, type Decision, type DecisionRequest, decide } from '@expacti/policy-engine';
import { engineRule } from './engine-rule.js';
import type { RuleDraft } from './rule-draft.js';

/** The id that the rule has while it is judged alone. */
export const LONE_RULE_ID = 'rule';

/** What an org with this rule alone would say to a request. */
export function judgeAlone(
  draft: RuleDraft,
  request: DecisionRequest,
  more: { now: number; rememberDynamic: Org['remember_dynamic']; targetGroupIds?: readonly string[] },
): Decision {
  const { target } = request;
  const targetGroups = typeof target === 'string' ? { [target]: more.targetGroupIds ?? [] } : {};
  const { now, rememberDynamic } = more;
  const rules = [engineRule(draft, LONE_RULE_ID)];
  return decide(createSnapshot({ org: '', version: 0, rules, targetGroups, rememberDynamic }), request, now);
}

/**
 * Why an exact allow rule would not even allow its own text: what that text does can change and the org does not remember
 * such lines, or it depends on a working directory that the rule does not name. Null when it works, and for other rules.
 */
export function exactRefusal(draft: RuleDraft, now: number, rememberDynamic: Org['remember_dynamic']): string | null {
  if (draft.effect !== 'allow' || draft.kind !== 'command' || draft.pattern_type !== 'exact') return null;
  const { scope } = draft;
  const request: DecisionRequest = {
    kind: 'command',
    command: draft.pattern,
    shell: draft.shell ?? 'bash',
    cwd: draft.cwd,
    agent_id: draft.agent_id ?? 'agent',
    session_id: draft.session_id,
    target: scope.type === 'target' ? scope.id : 'target',
  };
  const targetGroupIds = scope.type === 'group' ? [scope.id] : [];
  const alone = judgeAlone({ ...draft, shadow: false }, request, { now, rememberDynamic, targetGroupIds });
  return alone.verdict === 'allow' ? null : alone.reasons.join(' ').replaceAll(`Rule ${LONE_RULE_ID}`, 'This rule');
}
