import type { EphemeralOptions } from '../bus.js';
import { busEvent } from '../event-row.js';
import { matchesType } from '../event-types.js';
import type { ReportTrouble } from '../trouble.js';
import type { EventLog } from './event-log.js';

const READ_SIZE = 256;

/** Follows the log from now on, in memory only. */
export class EphemeralReader {
  readonly #options: EphemeralOptions;
  readonly #log: EventLog;
  readonly #report: ReportTrouble;
  #position: number;
  #isStale = false;
  #isClosed = false;
  #reading: Promise<void> | undefined;

  constructor(options: EphemeralOptions, log: EventLog, end: number, report: ReportTrouble) {
    this.#options = options;
    this.#log = log;
    this.#position = end;
    this.#report = report;
  }

  isInterestedIn(type: string): boolean {
    return matchesType(this.#options.types, type);
  }

  wake(): void {
    if (this.#isClosed) return;
    this.#isStale = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      // Somebody called after the last look and before this.
      if (this.#isStale) this.wake();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#isStale && !this.#isClosed) {
        // Taken back before the reading, so that whoever calls meanwhile is heard.
        this.#isStale = false;
        const events = await this.#log.after(this.#position, READ_SIZE);
        if (events.length === READ_SIZE) this.#isStale = true;
        for (const event of events) {
          this.#position = event.position;
          if (this.isInterestedIn(event.type)) await this.#deliver(busEvent(event));
        }
        // Reading SQLite never waits; timers and sockets get their turn between two batches.
        if (this.#isStale) await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      this.#report({ kind: 'storage_failed', during: 'reading for an ephemeral subscription', error });
    }
  }

  async #deliver(event: ReturnType<typeof busEvent>): Promise<void> {
    try {
      await this.#options.handler(event);
    } catch (error) {
      this.#report({ kind: 'ephemeral_failed', eventId: event.id, type: event.type, error });
    }
  }
}
