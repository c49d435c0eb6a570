import { type Clock, type Database, systemClock } from '@expacti/persistence';
import { And, Between, LessThan, MoreThanOrEqual } from 'typeorm';
import { InboxRow } from '../embedded/rows.js';
import type { ReportTrouble } from '../trouble.js';

/** Rows deleted in one transaction. */
const CHUNK = 500;
const EVERY_MS = 600_000;
/** An event may have waited in an outbox for so long before it came to the bus under its old id. */
const MARGIN_MS = 24 * 3_600_000;
const FIRST_ID = 'evt_';
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

export interface InboxTrimmerOptions {
  readonly database: Database;
  /** The bus whose deliveries the inbox remembers. */
  readonly bus: { oldestHeldAt(): Promise<number | undefined> };
  readonly clock?: Clock;
  /** How often it looks. Default 10 min. */
  readonly everyMs?: number;
  readonly report?: ReportTrouble;
}

/**
 * Forgets that events were handled which the streams do not hold any more: they cannot be delivered again. For
 * databases whose bus is elsewhere; the embedded bus trims log and inbox together.
 *
 * A dead letter that is replayed later than a day after its event was trimmed is handled whatever the inbox said; its
 * group has failed to handle it, so there is normally nothing to remember.
 */
export class InboxTrimmer {
  readonly #options: InboxTrimmerOptions;
  readonly #clock: Clock;
  #cancel: () => void = () => undefined;
  #trimming: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(options: InboxTrimmerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#trimLater();
  }

  /** Returns how many rows went. */
  async trim(): Promise<number> {
    const oldest = await this.#options.bus.oldestHeldAt();
    return oldest === undefined ? 0 : trimInbox(this.#options.database, oldest);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.#trimming;
  }

  #trimLater(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#clock.schedule(this.#options.everyMs ?? EVERY_MS, () => {
      this.#trimming = this.trim()
        .catch((error: unknown) =>
          this.#options.report?.({ kind: 'storage_failed', during: 'trimming the inbox', error }),
        )
        .finally(() => this.#trimLater());
    });
  }
}

/**
 * Deletes what the inbox remembers of events that were made more than a day before `oldestHeldAt` (ms), in small
 * transactions. Returns how many rows went.
 */
export async function trimInbox(database: Database, oldestHeldAt: number): Promise<number> {
  const before = firstEventId(oldestHeldAt - MARGIN_MS);
  let removed = 0;
  for (;;) {
    const last = await database.read(async (manager) => {
      const rows = await manager.find(InboxRow, {
        select: { eventId: true },
        where: { eventId: And(MoreThanOrEqual(FIRST_ID), LessThan(before)) },
        order: { eventId: 'ASC' },
        take: CHUNK,
      });
      return rows.at(-1)?.eventId;
    });
    if (last === undefined) return removed;
    const { affected } = await database.transaction(
      (manager) => manager.delete(InboxRow, { eventId: Between(FIRST_ID, last) }),
      { isPatient: true },
    );
    removed += affected ?? 0;
  }
}

/** What every event id made at `ms` or later is not before: a TypeID begins with its 48 bits of time, 5 a character. */
function firstEventId(ms: number): string {
  let rest = Math.max(ms, 0);
  let text = '';
  for (let index = 0; index < 10; index += 1) {
    text = `${CROCKFORD[rest % 32]}${text}`;
    rest = Math.floor(rest / 32);
  }
  return `${FIRST_ID}${text}`;
}
