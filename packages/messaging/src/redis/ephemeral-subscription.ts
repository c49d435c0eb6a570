import type { EphemeralOptions } from '../bus.js';
import { busEvent } from '../event-row.js';
import { matchesType } from '../event-types.js';
import type { ReportTrouble } from '../trouble.js';
import type { StreamedEvent } from './stream-event.js';

/** Hands events to a handler in their order, one after the other, and to nobody once it is closed. */
export class EphemeralSubscription {
  readonly #options: EphemeralOptions;
  readonly #report: ReportTrouble;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: EphemeralOptions, report: ReportTrouble) {
    this.#options = options;
    this.#report = report;
  }

  push(events: readonly StreamedEvent[]): void {
    const ours = events.filter(({ type, onlyFor }) => onlyFor === undefined && matchesType(this.#options.types, type));
    if (ours.length > 0) this.#last = this.#last.then(() => this.#deliver(ours));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
  }

  async #deliver(events: readonly StreamedEvent[]): Promise<void> {
    for (const event of events) {
      if (this.#isClosed) return;
      try {
        await this.#options.handler(busEvent(event));
      } catch (error) {
        this.#report({ kind: 'ephemeral_failed', eventId: event.eventId, type: event.type, error });
      }
    }
  }
}
