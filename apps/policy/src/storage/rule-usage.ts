import type { EntityManager } from 'typeorm';
import { RuleRow } from './rule-row.js';

/** How often a rule was used since it was last written down. */
export interface RuleUsage {
  uses: number;
  shadowUses: number;
  /** Milliseconds since the epoch; 0 when it was only used in shadow. */
  lastUsedAt: number;
}

/** PostgreSQL would take its type from the 0 that it is compared with, which is too small for a time. */
const LAST = 'CAST(:lastUsedAt AS BIGINT)';

/** Adds to the figures of rules. What the rules say stays as it is, and so does the version of the snapshot. */
export async function addUsage(
  manager: EntityManager,
  org: string,
  usage: ReadonlyMap<string, RuleUsage>,
): Promise<void> {
  // Always in the same order: two who lock the rows of the same rules crosswise would wait for each other.
  const rules = [...usage].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [id, { uses, shadowUses, lastUsedAt }] of rules) {
    await manager
      .createQueryBuilder()
      .update(RuleRow)
      .set({
        useCount: () => 'use_count + :uses',
        shadowCount: () => 'shadow_count + :shadowUses',
        // Batches may arrive out of order; the column stays empty until a rule has decided for the first time.
        lastUsedAt: () => `CASE WHEN ${LAST} = 0 OR last_used_at >= ${LAST} THEN last_used_at ELSE ${LAST} END`,
      })
      .where({ org, id })
      .setParameters({ uses, shadowUses, lastUsedAt })
      .execute();
  }
}
