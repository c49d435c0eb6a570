import type { EntityManager } from 'typeorm';
import { signalOnCommit } from '../commit-signals.js';
import { OutboxRow } from './outbox-row.js';

/** The topic of `Database.onCommit` that tells the relay of new rows. */
export const OUTBOX_TOPIC = 'outbox_events';

/** An event on its way to the bus. The same shape as the bus's own events. */
export interface OutboxEvent {
  readonly id: string;
  readonly type: string;
  readonly org: string;
  readonly key: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** What JSON can hold. */
  readonly payload: unknown;
}

/**
 * Keeps events together with the state that they tell of: call it inside `Database.transaction` with its manager.
 * They are published in this order after the commit, and never if the transaction is rolled back.
 */
export async function appendToOutbox(manager: EntityManager, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  signalOnCommit(manager, OUTBOX_TOPIC);
  const rows = events.map(({ id, payload, ...event }) => ({ ...event, eventId: id, payload: JSON.stringify(payload) }));
  await manager.insert(OutboxRow, rows);
}
