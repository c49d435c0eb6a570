import { type Database, isUniqueViolation } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';
import type { BusEvent } from '../bus.js';
import { type StoredEvent, storedEvent } from '../event-row.js';
import { LogRow } from './rows.js';

/** The table of the log, for a database whose outbox it is. */
export const EMBEDDED_LOG_TABLE = 'messaging_log';

export interface LoggedEvent extends StoredEvent {
  readonly position: number;
}

/** The table of published events. */
export class EventLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Durable when it resolves: one prepared insert in a group commit. */
  async append(events: readonly BusEvent[]): Promise<void> {
    const rows = events.map((event) => {
      const { eventId, ...columns } = storedEvent(event);
      return { event_id: eventId, ...columns };
    });
    try {
      await this.#database.append(EMBEDDED_LOG_TABLE, rows);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await this.#database.transaction((manager) => this.appendWithin(manager, events));
    }
  }

  /** As part of somebody's transaction; an event that is there already stays as it is. */
  async appendWithin(manager: EntityManager, events: readonly BusEvent[]): Promise<void> {
    await manager.createQueryBuilder().insert().into(LogRow).values(events.map(storedEvent)).orIgnore().execute();
  }

  /** The events after a position, oldest first. */
  async after(position: number, limit: number): Promise<LoggedEvent[]> {
    return this.#database.read((manager) => {
      // Read at every wake of every reader: the text is put together plainly, `manager.sql` would tidy it up each time.
      const { driver } = manager.connection;
      const from = driver.createParameter('position', 0);
      const most = driver.createParameter('limit', 1);
      return manager.query<LoggedEvent[]>(
        'SELECT position, event_id AS "eventId", type, org, "key", "at", payload ' +
          `FROM ${EMBEDDED_LOG_TABLE} WHERE position > ${from} ORDER BY position LIMIT ${most}`,
        [position, limit],
      );
    });
  }

  /** The position of the newest event that is held, or 0. */
  async end(): Promise<number> {
    return (await this.#database.read((manager) => manager.maximum(LogRow, 'position'))) ?? 0;
  }
}
