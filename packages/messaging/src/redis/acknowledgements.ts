import type { ReportTrouble } from '../trouble.js';
import type { BusRedis } from './scripts.js';
import type { Tenure } from './tenure.js';

const BATCH_SIZE = 1_000;

/**
 * Acknowledges what was handled, all of one turn together, one batch at a time. What cannot be recorded now is kept for
 * later, also beyond the loss of the partition: it was handled, whoever reads the partition meanwhile.
 */
export class Acknowledgements {
  readonly #redis: BusRedis;
  readonly #group: string;
  readonly #report: ReportTrouble;
  readonly #events: string;
  readonly #lock: string;
  readonly #waiting = new Set<string>();
  #flushing: Promise<void> | undefined;

  constructor(
    context: { readonly redis: BusRedis; readonly group: string; readonly report: ReportTrouble },
    events: string,
    lock: string,
  ) {
    this.#redis = context.redis;
    this.#group = context.group;
    this.#report = context.report;
    this.#events = events;
    this.#lock = lock;
  }

  add(position: string, tenure: Tenure): void {
    this.#waiting.add(position);
    void this.flush(tenure);
  }

  /** Handled, but not recorded yet. */
  isWaiting(position: string): boolean {
    return this.#waiting.has(position);
  }

  /** Resolves when everything that waits is recorded, or cannot be now. */
  async flush(tenure: Tenure): Promise<void> {
    this.#flushing ??= this.#flushAll(tenure);
    return this.#flushing;
  }

  async #flushAll(tenure: Tenure): Promise<void> {
    // What else is handled in this turn comes along.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#waiting.size > 0 && (await this.#flushBatch(tenure)));
    } catch (error) {
      this.#report({ kind: 'storage_failed', during: `acknowledging for ${this.#group}`, error });
    } finally {
      // Here and not in a callback: whoever adds after the last look must find that nobody is looking.
      this.#flushing = undefined;
    }
  }

  /** False when the partition is somebody else's by now: the next term of this process, if there is one, tries again. */
  async #flushBatch(tenure: Tenure): Promise<boolean> {
    const batch = [...this.#waiting].slice(0, BATCH_SIZE);
    const count = await this.#redis.busAcknowledge(this.#events, this.#lock, tenure.token, this.#group, ...batch);
    if (count === null) return false;
    for (const position of batch) this.#waiting.delete(position);
    return true;
  }
}
