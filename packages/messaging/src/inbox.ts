import type { EntityManager } from 'typeorm';

/**
 * Makes a consumer idempotent: runs `work` unless this group has done it for this event before. Call it inside
 * `Database.transaction` with that transaction's manager: the work and the memory of it commit together.
 * Returns whether the work ran.
 */
export async function processOnce(
  manager: EntityManager,
  group: string,
  eventId: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const inserted = await manager.sql<{ event_id: string }[]>`
    INSERT INTO messaging_inbox (event_id, group_name) VALUES (${eventId}, ${group})
    ON CONFLICT DO NOTHING RETURNING event_id`;
  if (inserted.length === 0) return false;
  await work();
  return true;
}
