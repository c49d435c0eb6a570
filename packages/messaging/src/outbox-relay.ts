import { type Clock, type Database, OUTBOX_TOPIC, OutboxRow, serialize, systemClock } from '@expacti/persistence';
import { type EntityManager, In } from 'typeorm';
import type { BusEvent } from './bus.js';
import { busEvent } from './event-row.js';
import type { ReportTrouble } from './trouble.js';

const BATCH_SIZE = 200;

/** Where the relay takes events to. */
export interface RelayTarget {
  /** Takes events over while the transaction that removes them from the outbox is open. */
  publishWithin(manager: EntityManager, events: readonly BusEvent[]): Promise<void>;
  /** That transaction has committed. */
  wake(events: readonly BusEvent[]): void;
}

export interface OutboxRelayOptions {
  readonly database: Database;
  readonly target: RelayTarget;
  readonly clock?: Clock;
  /** How often the outbox is looked at without being told: finds what another process has written. Default 1 s. */
  readonly pollMs?: number;
  readonly report?: ReportTrouble;
}

/**
 * Moves outbox rows to the bus in their order. On the embedded bus both sides are one database, so a row leaves the outbox
 * and enters the log in the same transaction: exactly once. Several processes may relay from one outbox.
 *
 * On PostgreSQL the rows of two transactions are in the order in which they were written, which need not be that of the
 * commits. Where one of them waited for the other (the same row, the same version) both are the same, as long as a
 * transaction changes its state first and calls `appendToOutbox` then.
 */
export class OutboxRelay {
  readonly #database: Database;
  readonly #target: RelayTarget;
  readonly #clock: Clock;
  readonly #pollMs: number;
  readonly #report: ReportTrouble;
  readonly #stopListening: () => void;
  #cancelPoll: () => void = () => undefined;
  #isStale = false;
  #isClosed = false;
  #working: Promise<void> | undefined;

  constructor(options: OutboxRelayOptions) {
    this.#database = options.database;
    this.#target = options.target;
    this.#clock = options.clock ?? systemClock;
    this.#pollMs = options.pollMs ?? 1_000;
    this.#report = options.report ?? (() => undefined);
    this.#stopListening = this.#database.onCommit(OUTBOX_TOPIC, () => this.#wake());
    this.#poll();
  }

  /** Resolves when everything that was in the outbox at the time of the call is on the bus. */
  async flush(): Promise<void> {
    await this.#working;
    await this.#moveAll();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopListening();
    this.#cancelPoll();
    await this.#working;
  }

  #poll(): void {
    this.#wake();
    this.#cancelPoll = this.#clock.schedule(this.#pollMs, () => {
      if (!this.#isClosed) this.#poll();
    });
  }

  #wake(): void {
    if (this.#isClosed) return;
    this.#isStale = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    try {
      while (this.#isStale && !this.#isClosed) {
        this.#isStale = false;
        await this.#moveAll();
      }
    } catch (error) {
      // The rows are still there; the next poll tries again.
      this.#report({ kind: 'storage_failed', during: 'relaying the outbox', error });
    }
  }

  async #moveAll(): Promise<void> {
    while ((await this.#moveBatch()) === BATCH_SIZE);
  }

  async #moveBatch(): Promise<number> {
    const isEmpty = !(await this.#database.read((manager) => manager.exists(OutboxRow)));
    if (isEmpty) return 0;
    const events = await this.#database.transaction(async (manager) => {
      // Of several processes one moves at a time: two would overtake one another, and the order within a key be lost.
      await serialize(manager, 'outbox_events');
      const rows = await manager.find(OutboxRow, { order: { sequence: 'ASC' }, take: BATCH_SIZE });
      if (rows.length === 0) return [];
      const moved = rows.map(busEvent);
      await this.#target.publishWithin(manager, moved);
      // These and no others: an event of a lower number may have been committed since they were read.
      await manager.delete(OutboxRow, { sequence: In(rows.map(({ sequence }) => sequence)) });
      return moved;
    });
    this.#target.wake(events);
    return events.length;
  }
}
