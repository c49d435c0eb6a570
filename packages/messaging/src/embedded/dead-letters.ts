import type { Database } from '@expacti/persistence';
import type { DeadLetter } from '../bus.js';
import { busEvent } from '../event-row.js';
import type { LoggedEvent } from './event-log.js';
import { DeadLetterRow, DeliveryRow } from './rows.js';

const MAX_LISTED = 200;

/** What groups have given up. */
export class DeadLetters {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(group?: string): Promise<DeadLetter[]> {
    const rows = await this.#database.read((manager) =>
      manager.find(DeadLetterRow, {
        where: group === undefined ? {} : { groupName: group },
        order: { diedAt: 'DESC', id: 'DESC' },
        take: MAX_LISTED,
      }),
    );
    return rows.map((row) => ({
      id: row.id,
      group: row.groupName,
      event: busEvent(row),
      attempts: row.attempts,
      error: row.error,
      at: new Date(row.diedAt).toISOString(),
    }));
  }

  /** Makes a dead letter a delivery again. Of two who try at once one succeeds. */
  async revive(id: string, now: number): Promise<{ group: string; event: LoggedEvent } | undefined> {
    return this.#database.transaction(async (manager) => {
      const row = await manager.findOneBy(DeadLetterRow, { id });
      if (row === null) return undefined;
      const { groupName, position, eventId, type, org, key, at, payload } = row;
      const event = { position, eventId, type, org, key, at, payload };
      // Somebody else may have found it too; one of us takes it away.
      if ((await manager.delete(DeadLetterRow, { id })).affected !== 1) return undefined;
      const delivery = { ...event, groupName, attempts: 0, nextAttemptAt: now, lastError: row.error };
      await manager.insert(DeliveryRow, delivery);
      return { group: groupName, event };
    });
  }
}
