import type { DataSource, EntityManager } from 'typeorm';
import { signalOnCommit } from '../commit-signals.js';

/** The topic of `Database.onCommit` that tells of new events; the details are their types. */
export const OUTBOX_TOPIC = 'outbox_events';

const OUTBOX_TABLE = 'outbox_events';
const COLUMNS = ['event_id', 'type', 'org', 'key', 'at', 'payload'];

const tables = new WeakMap<DataSource, string>();

/** Says where the events of this source go, if not to the outbox. For adapters. */
export function sendOutboxTo(source: DataSource, table: string): void {
  tables.set(source, table);
}

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
 * They are published in this order after the commit, and never if the transaction is rolled back. Change the state first:
 * of two transactions that change the same row, the events of the one that waited then come after the other's.
 */
export async function appendToOutbox(manager: EntityManager, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  signalOnCommit(
    manager,
    OUTBOX_TOPIC,
    events.map(({ type }) => type),
  );
  const { driver } = manager.connection;
  const table = tables.get(manager.connection) ?? OUTBOX_TABLE;
  const names = COLUMNS.map((column) => driver.escape(column)).join(', ');
  // One plain statement per event: every change of state comes through here.
  const places = COLUMNS.map((column, index) => driver.createParameter(column, index)).join(', ');
  for (const { id, type, org, key, at, payload } of events)
    await manager.query(`INSERT INTO ${driver.escape(table)} (${names}) VALUES (${places})`, [
      id,
      type,
      org,
      key,
      at,
      JSON.stringify(payload),
    ]);
}
