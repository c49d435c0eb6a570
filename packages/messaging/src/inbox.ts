import type { EntityManager } from 'typeorm';
import { InboxRow } from './embedded/rows.js';

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
  const seen = await manager.existsBy(InboxRow, { groupName: group, eventId });
  if (seen) return false;
  await manager.insert(InboxRow, { groupName: group, eventId });
  await work();
  return true;
}
