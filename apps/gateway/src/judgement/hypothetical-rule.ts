import type { NewRule, Rule } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';

/** An id that no stored rule has: it sorts after all of them. */
const HYPOTHETICAL_ID = 'rule_7zzzzzzzzzzzzzzzzzzzzzzzzz';

/** A rule that somebody is still writing, as if it had been made just now. */
export function hypotheticalRule(rule: NewRule, now: number): Rule {
  return {
    ...rule,
    id: HYPOTHETICAL_ID,
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
    approved_for: { approvers: 1, roles: [], groups: [] },
    created_by: { id: '', name: '' },
    created_at: timestamp(now),
    updated_at: timestamp(now),
    last_used_at: null,
    use_count: 0,
    shadow_count: 0,
  };
}
