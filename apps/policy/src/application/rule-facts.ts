import type { Actor, Rule } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { fact } from '@expacti/platform';
import { changedFields } from '../domain/changed-fields.js';
import { newRuleOf } from '../domain/rule-draft.js';

/** What audit keeps of a rule: all that it decides by, and what approved it. */
const recorded = (rule: Rule): Record<string, unknown> => ({ ...newRuleOf(rule), approved_for: rule.approved_for });

const subjectOf = (rule: Rule) => ({ type: 'rule', id: rule.id });

export function ruleCreated(
  org: string,
  actor: Actor,
  rule: Rule,
  now: number,
  source: Record<string, string> = {},
): BusEvent {
  const fields = { ...recorded(rule), ...source };
  return fact('rule.created', org, rule.id, now, { actor, subject: subjectOf(rule), data: { fields } });
}

export function ruleUpdated(org: string, actor: Actor, before: Rule, after: Rule, now: number): BusEvent {
  const fields = changedFields(recorded(before), recorded(after));
  return fact('rule.updated', org, after.id, now, { actor, subject: subjectOf(after), data: { fields } });
}

export function ruleDeleted(org: string, actor: Actor, rule: Rule, now: number): BusEvent {
  const fields = recorded(rule);
  return fact('rule.deleted', org, rule.id, now, { actor, subject: subjectOf(rule), data: { fields } });
}
