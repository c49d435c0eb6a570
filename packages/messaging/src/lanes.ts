import type { Clock } from '@expacti/persistence';
import { type DeliveryPolicy, pauseAfter } from './delivery-policy.js';
import type { Gate } from './gate.js';

/** One event on its way to a handler. */
export interface LaneEntry {
  readonly key: string;
  /** Failures that were recorded. */
  attempts: number;
}

/** The entries of one key that wait, in order; the first is the one being handled. */
interface Lane<E extends LaneEntry> {
  readonly entries: E[];
  state: 'ready' | 'running' | 'pausing';
}

export interface LanesOptions<E extends LaneEntry> {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly policy: DeliveryPolicy;
  /** Asked before each handler starts; once it says no, nothing starts any more. */
  readonly mayStart: () => boolean;
  readonly handle: (entry: E, attempt: number) => Promise<void>;
  /** The handler has succeeded. */
  readonly succeeded: (entry: E) => void;
  /** The handler has failed; records it. What it rejects with is a failure that could not be recorded, so is not counted. */
  readonly failed: (entry: E, attempts: number, error: unknown) => Promise<'again' | 'given up'>;
  /** An entry has left, or all of them have: there is room. */
  readonly left: (count: number) => void;
}

/**
 * Order within a key, side by side otherwise. Each key has a lane: its entries are handled one after the other, and a
 * failing one holds back only its own lane.
 */
export class Lanes<E extends LaneEntry> {
  readonly #options: LanesOptions<E>;
  readonly #lanes = new Map<string, Lane<E>>();
  readonly #pauses = new Set<() => void>();
  #running = 0;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;

  constructor(options: LanesOptions<E>) {
    this.#options = options;
  }

  /** An entry that has failed before begins with the pause that follows its last failure. */
  add(entry: E): void {
    const known = this.#lanes.get(entry.key);
    if (known !== undefined) {
      known.entries.push(entry);
      return;
    }
    const lane: Lane<E> = { entries: [entry], state: 'ready' };
    this.#lanes.set(entry.key, lane);
    if (entry.attempts > 0) this.#pause(lane, entry.attempts);
    else this.#enter(lane);
  }

  /** Starts nothing more, forgets what waits, and waits for the handlers that run. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const cancel of this.#pauses) cancel();
    this.#pauses.clear();
    let forgotten = 0;
    for (const lane of this.#lanes.values()) {
      const kept = lane.state === 'running' ? 1 : 0;
      forgotten += lane.entries.splice(kept).length;
    }
    this.#options.left(forgotten);
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      const others = this.#whenIdle;
      this.#whenIdle = () => {
        others?.();
        resolve();
      };
    });
  }

  #enter(lane: Lane<E>): void {
    lane.state = 'ready';
    this.#options.gate.enter(() => this.#run(lane));
  }

  /** Handles the lane's first entry once. Lanes take turns, so that a long one does not starve the others. */
  async #run(lane: Lane<E>): Promise<void> {
    const entry = lane.entries[0];
    if (this.#isClosed || entry === undefined || !this.#options.mayStart()) return;
    lane.state = 'running';
    this.#running += 1;
    try {
      await this.#handle(lane, entry);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#whenIdle?.();
    }
  }

  async #handle(lane: Lane<E>, entry: E): Promise<void> {
    try {
      await this.#inTime(this.#options.handle(entry, entry.attempts + 1));
    } catch (error) {
      await this.#fail(lane, entry, error);
      return;
    }
    this.#options.succeeded(entry);
    this.#finish(lane);
  }

  #finish(lane: Lane<E>): void {
    const entry = lane.entries.shift();
    if (lane.entries.length > 0) this.#enter(lane);
    else if (entry !== undefined) this.#lanes.delete(entry.key);
    this.#options.left(1);
  }

  async #fail(lane: Lane<E>, entry: E, error: unknown): Promise<void> {
    const attempts = entry.attempts + 1;
    try {
      if ((await this.#options.failed(entry, attempts, error)) === 'given up') {
        this.#finish(lane);
        return;
      }
      entry.attempts = attempts;
    } catch {
      // Whoever failed to record it has reported it. Not recorded, so not counted either: storage in trouble must not
      // bury what it could not handle.
    }
    this.#pause(lane, attempts);
  }

  #pause(lane: Lane<E>, failures: number): void {
    if (this.#isClosed) {
      this.#options.left(1);
      return;
    }
    lane.state = 'pausing';
    const cancel = this.#options.clock.schedule(pauseAfter(failures, this.#options.policy), () => {
      this.#pauses.delete(cancel);
      this.#enter(lane);
    });
    this.#pauses.add(cancel);
  }

  async #inTime(work: Promise<void>): Promise<void> {
    const limit = this.#options.policy.ackTimeoutMs;
    let cancel: () => void = () => undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      cancel = this.#options.clock.schedule(limit, () => reject(new Error(`not acknowledged within ${limit} ms`)));
    });
    try {
      await Promise.race([work, timeout]);
    } finally {
      cancel();
    }
  }
}
