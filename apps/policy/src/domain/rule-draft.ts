import type { NewRule, Rule, RuleChange } from '@expacti/contracts';

/** What a rule says, every field spelled out: a rule without its history. */
export type RuleDraft = Pick<
  Rule,
  | 'effect'
  | 'kind'
  | 'pattern_type'
  | 'pattern'
  | 'scope'
  | 'agent_id'
  | 'session_id'
  | 'shell'
  | 'cwd'
  | 'pipeline'
  | 'matchers'
  | 'direction'
  | 'expires_at'
  | 'shadow'
  | 'examples'
  | 'note'
>;

export const draftOf = (rule: NewRule): RuleDraft => ({
  effect: rule.effect,
  kind: rule.kind,
  pattern_type: rule.pattern_type,
  pattern: rule.pattern,
  scope: rule.scope,
  agent_id: rule.agent_id ?? null,
  session_id: rule.session_id ?? null,
  shell: rule.shell ?? null,
  cwd: rule.cwd ?? null,
  pipeline: rule.pipeline ?? false,
  matchers: rule.matchers ?? [],
  direction: rule.direction ?? null,
  expires_at: rule.expires_at ?? null,
  shadow: rule.shadow ?? false,
  examples: rule.examples ?? { matches: [], does_not_match: [] },
  note: rule.note ?? null,
});

/** A draft with the fields of a change written over it; a field that the change leaves out stays. */
export function changedDraft(rule: Rule, change: RuleChange): RuleDraft {
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return draftOf({ ...newRuleOf(rule), ...named });
}

/** A rule in the shape that `POST /rules` and import take: what it says, without what is empty anyway. */
export function newRuleOf(draft: RuleDraft): NewRule {
  const { effect, kind, pattern_type, pattern, scope } = draft;
  const hasExamples = draft.examples.matches.length + draft.examples.does_not_match.length > 0;
  return {
    effect,
    kind,
    pattern_type,
    pattern,
    scope,
    ...present('agent_id', draft.agent_id),
    ...present('session_id', draft.session_id),
    ...present('shell', draft.shell),
    ...present('cwd', draft.cwd),
    ...(draft.pipeline ? { pipeline: true } : {}),
    ...(draft.matchers.length > 0 ? { matchers: draft.matchers } : {}),
    ...present('direction', draft.direction),
    ...present('expires_at', draft.expires_at),
    ...(draft.shadow ? { shadow: true } : {}),
    ...(hasExamples ? { examples: draft.examples } : {}),
    ...present('note', draft.note),
  };
}

function present<K extends string, V>(key: K, value: V | null): { [name in K]?: V } {
  return value === null ? {} : ({ [key]: value } as { [name in K]: V });
}

/** Epoch milliseconds, or null for a rule without an end. */
export const expiryOf = (rule: Pick<Rule, 'expires_at'>): number | null =>
  rule.expires_at === null ? null : Date.parse(rule.expires_at);

export const isExpired = (rule: Pick<Rule, 'expires_at'>, now: number): boolean => {
  const expiry = expiryOf(rule);
  return expiry !== null && expiry <= now;
};
