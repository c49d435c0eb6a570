import { SYSTEM_ACTOR } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import { isExpired } from '../domain/rule-draft.js';
import { findRulesOfSession, updateRule } from '../storage/rule-repository.js';
import type { PolicyChanges } from './policy-changes.js';
import { ruleUpdated } from './rule-facts.js';

/**
 * Ends the rules that were made for one session: a session that has ended never goes on, so they would only sit in every
 * snapshot. Runs inside the inbox transaction, which has locked the org.
 * @param now milliseconds since the epoch
 */
export async function endSessionRules(
  changes: PolicyChanges,
  manager: EntityManager,
  org: string,
  sessionId: string,
  now: number,
): Promise<void> {
  const found = await findRulesOfSession(manager, org, sessionId);
  const rules = found.filter((rule) => !isExpired(rule, now));
  if (rules.length === 0) return;
  await changes.within(manager, org, async ({ version }) => {
    const facts = [];
    for (const rule of rules) {
      const ended = { ...rule, expires_at: timestamp(now) };
      await updateRule(manager, org, rule.id, ended, { approvedFor: rule.approved_for, version, now });
      facts.push(ruleUpdated(org, SYSTEM_ACTOR, rule, ended, now));
    }
    return { result: undefined, facts, tendency: 'loosens' };
  });
}
