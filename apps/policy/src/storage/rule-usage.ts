import type { EntityManager } from 'typeorm';
import { RuleRow } from './rule-row.js';

/** How often a rule was used since it was last written down. */
export interface RuleUsage {
  uses: number;
  shadowUses: number;
  /** Milliseconds since the epoch; 0 when it was only used in shadow. */
  lastUsedAt: number;
}

/** Adds to the figures of rules. What the rules say stays as it is, and so does the version of the snapshot. */
export async function addUsage(
  manager: EntityManager,
  org: string,
  usage: ReadonlyMap<string, RuleUsage>,
): Promise<void> {
  for (const [id, { uses, shadowUses, lastUsedAt }] of usage) {
    await manager
      .createQueryBuilder()
      .update(RuleRow)
      .set({
        useCount: () => 'use_count + :uses',
        shadowCount: () => 'shadow_count + :shadowUses',
        // Batches may arrive out of order; the column stays empty until a rule has decided for the first time.
        lastUsedAt: () =>
          'CASE WHEN :lastUsedAt = 0 OR last_used_at >= :lastUsedAt THEN last_used_at ELSE :lastUsedAt END',
      })
      .where({ org, id })
      .setParameters({ uses, shadowUses, lastUsedAt })
      .execute();
  }
}
