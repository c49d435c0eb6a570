import { type Database, newId } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';
import type { LoggedEvent } from './event-log.js';
import { DeadLetterRow, DeliveryRow, GroupRow } from './rows.js';

/** What a group must remember: how far it has come, and what has failed so far. */
export class GroupStore {
  readonly #database: Database;
  readonly #group: string;

  constructor(database: Database, group: string) {
    this.#database = database;
    this.#group = group;
  }

  /**
   * The group's cursor; a new group begins at `initial`. A cursor beyond the end of the log is one whose log somebody has
   * emptied: positions are given anew from there, and a group that waited for the old ones would miss every event.
   */
  async open(initial: number, end: number): Promise<number> {
    return this.#database.transaction(async (manager) => {
      const fresh = { groupName: this.#group, cursor: initial };
      await manager.createQueryBuilder().insert().into(GroupRow).values(fresh).orIgnore().execute();
      const { cursor } = await manager.findOneByOrFail(GroupRow, { groupName: this.#group });
      return Math.min(cursor, end);
    });
  }

  async saveCursor(cursor: number): Promise<void> {
    const update = (manager: EntityManager) => manager.update(GroupRow, { groupName: this.#group }, { cursor });
    await this.#database.transaction(update, { isPatient: true });
  }

  /** Deliveries that failed before, oldest first. */
  async parked(): Promise<DeliveryRow[]> {
    return this.#database.read((manager) =>
      manager.find(DeliveryRow, { where: { groupName: this.#group }, order: { position: 'ASC' } }),
    );
  }

  async park(event: LoggedEvent, attempts: number, nextAttemptAt: number, lastError: string): Promise<void> {
    const row = { ...event, groupName: this.#group, attempts, nextAttemptAt, lastError };
    await this.#database.transaction((manager) => manager.upsert(DeliveryRow, row, ['groupName', 'position']));
  }

  /** The parked delivery was acknowledged at last. */
  async unpark(position: number): Promise<void> {
    await this.#database.transaction((manager) => manager.delete(DeliveryRow, { groupName: this.#group, position }));
  }

  async bury(event: LoggedEvent, attempts: number, diedAt: number, error: string): Promise<void> {
    await this.#database.transaction(async (manager) => {
      await manager.delete(DeliveryRow, { groupName: this.#group, position: event.position });
      const row = { ...event, id: newId('dead'), groupName: this.#group, attempts, diedAt, error };
      await manager.insert(DeadLetterRow, row);
    });
  }
}
