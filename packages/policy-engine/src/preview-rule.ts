import { decide } from './decide.js';
import type { DecisionRequest } from './request.js';
import type { Rule } from './rule.js';
import { createSnapshot } from './snapshot.js';

/** What a rule would have done with past requests. */
export interface RulePreview<T> {
  /** It alone decides these: an allow rule lets the whole line run, a deny or review rule speaks about a part. */
  matched: T[];
  /** It allows some command of these lines, but not all of them. */
  partly: T[];
}

/**
 * Judges past requests by one rule alone. Scope, agent, shell and folder count; expiry, session and shadow do not.
 *
 * @param targetGroups group ids by target id, for rules scoped to a group
 */
export function previewRule<T extends { request: DecisionRequest }>(
  rule: Rule,
  history: readonly T[],
  targetGroups: Readonly<Record<string, readonly string[]>> = {},
): RulePreview<T> {
  const alone: Rule = { ...rule, session_id: null, expires_at: null, shadow: false };
  const snapshot = createSnapshot({ org: '', version: 0, rules: [alone], targetGroups, rememberDynamic: 'yes' });
  const preview: RulePreview<T> = { matched: [], partly: [] };
  for (const item of history) {
    const decision = decide(snapshot, item.request, 0);
    if (decision.rule_ids.includes(rule.id)) preview.matched.push(item);
    else if (decision.commands.some((command) => command.rule_id === rule.id)) preview.partly.push(item);
  }
  return preview;
}
