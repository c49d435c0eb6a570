import type { Database } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';

interface LoggedRow {
  readonly event_id: string;
  readonly type: string;
  readonly org: string;
  readonly key: string;
  readonly at: string;
  readonly payload: string;
}

/**
 * Puts what some consumer group had not handled yet into the target's outbox, in order: the relay of whichever composition
 * runs there publishes it. A group that had handled an event already gets it once more and knows it by its inbox.
 * @returns how many events that were
 */
export async function carryUndelivered(source: Database, target: EntityManager): Promise<number> {
  const events = await source.read((manager) =>
    manager.query<LoggedRow[]>(
      `SELECT event_id, type, org, "key", "at", payload FROM messaging_log
       WHERE position > (SELECT COALESCE(MIN(cursor), 0) FROM messaging_groups)
          OR position IN (SELECT position FROM messaging_deliveries)
       ORDER BY position`,
    ),
  );
  for (const { event_id, type, org, key, at, payload } of events)
    await target.query(
      'INSERT INTO outbox_events (event_id, type, org, "key", "at", payload) VALUES ($1, $2, $3, $4, $5, $6)',
      [event_id, type, org, key, at, payload],
    );
  return events.length;
}
