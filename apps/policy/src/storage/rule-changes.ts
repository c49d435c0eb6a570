import type { Rule } from '@expacti/contracts';
import { type EntityManager, MoreThan } from 'typeorm';
import { RemovedRuleRow } from './removed-rule-row.js';
import { ruleOfRow } from './rule-mapping.js';
import { RuleRow } from './rule-row.js';

/**
 * The rules that were made or changed, and those that were removed, after a version; null when there are more than
 * `limit`. A rule that is removed between the two reads is in both: dropping wins, for the removal is the later one.
 */
export async function changesSince(
  manager: EntityManager,
  org: string,
  since: number,
  limit: number,
): Promise<{ changed: Rule[]; removed: string[] } | null> {
  const rows = await manager.find(RuleRow, {
    where: { org, changedVersion: MoreThan(since) },
    order: { changedVersion: 'ASC', id: 'ASC' },
    take: limit + 1,
  });
  if (rows.length > limit) return null;
  const removals = await manager.find(RemovedRuleRow, { where: { org, version: MoreThan(since) }, take: limit + 1 });
  if (removals.length > limit) return null;
  const removed = new Set(removals.map((row) => row.ruleId));
  const changed = rows.filter((row) => !removed.has(row.id)).map(ruleOfRow);
  return { changed, removed: [...removed] };
}
