import type { NewRule } from '@expacti/contracts';
import type { Database } from '@expacti/persistence';
import { isExpired, newRuleOf } from '../domain/rule-draft.js';
import { eachRulePiece } from '../storage/rule-repository.js';

/**
 * All rules of an org in the shape that import takes, oldest first, without those that have ended: import refuses them.
 * @param now milliseconds since the epoch
 */
export function exportRules(database: Database, org: string, now: number): Promise<NewRule[]> {
  return database.read(async (manager) => {
    const rules: NewRule[] = [];
    for await (const piece of eachRulePiece(manager, org)) {
      for (const rule of piece) if (!isExpired(rule, now)) rules.push(newRuleOf(rule));
    }
    return rules;
  });
}
