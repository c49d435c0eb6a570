import type { Database } from '@expacti/persistence';
import { Between } from 'typeorm';
import { DeliveryRow, GroupRow, InboxRow, LogRow } from './rows.js';

/** Left standing even when everybody has it: an ephemeral reader that is a little late still finds it. */
const KEEP_NEWEST = 1_000;
const CHUNK = 500;

/** Removes the events that every group has acknowledged, and their inbox entries, in small transactions. */
export async function trimLog(database: Database): Promise<number> {
  const floor = await acknowledgedByAll(database);
  let removed = 0;
  for (;;) {
    const first = await database.read((manager) => manager.minimum(LogRow, 'position'));
    if (first === null || first === undefined || first > floor) return removed;
    const last = Math.min(first + CHUNK - 1, floor);
    await database.transaction(
      async (manager) => {
        // An event that is gone from the log cannot be delivered again, so nobody needs to know that it was handled.
        const gone = manager
          .createQueryBuilder(LogRow, 'log')
          .select('log.event_id')
          .where('log.position BETWEEN :first AND :last');
        await manager
          .createQueryBuilder()
          .delete()
          .from(InboxRow)
          .where(`event_id IN (${gone.getQuery()})`)
          .setParameters({ first, last })
          .execute();
        const result = await manager.delete(LogRow, { position: Between(first, last) });
        removed += result.affected ?? 0;
      },
      { isPatient: true },
    );
  }
}

/** The position up to which no group needs the log any more; 0 while there is no group. */
async function acknowledgedByAll(database: Database): Promise<number> {
  return database.read(async (manager) => {
    const slowest = await manager.minimum(GroupRow, 'cursor');
    const parked = await manager.minimum(DeliveryRow, 'position');
    const newest = await manager.maximum(LogRow, 'position');
    if (slowest === null || slowest === undefined || newest === null || newest === undefined) return 0;
    return Math.min(
      Number(slowest),
      (parked === null || parked === undefined ? Number.MAX_SAFE_INTEGER : Number(parked)) - 1,
      newest - KEEP_NEWEST,
    );
  });
}
