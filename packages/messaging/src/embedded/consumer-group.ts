import type { Clock } from '@expacti/persistence';
import type { EventHandler } from '../bus.js';
import { type DeliveryPolicy, pauseAfter } from '../delivery-policy.js';
import { busEvent } from '../event-row.js';
import { matchesType } from '../event-types.js';
import { errorText, type ReportTrouble } from '../trouble.js';
import type { EventLog, LoggedEvent } from './event-log.js';
import type { GroupStore } from './group-store.js';
import { Watermark } from './watermark.js';

/** Events read at once, and how many may be under way: beyond that the log is not read further. */
const READ_SIZE = 256;
const MAX_UNDER_WAY = 5_000;
/** Handlers that run at the same time, each for another key; more where deliveries gather to share their commits. */
const MAX_CONCURRENT = 32;
const MAX_GATHERED = READ_SIZE;
/** How long events may be handed out before sockets and timers have their turn. */
const LONGEST_TURN_MS = 2;
/** How often acknowledgements are written down; what was not is delivered again after a crash. */
const SAVE_EVERY_MS = 200;

interface Entry {
  readonly event: LoggedEvent;
  attempts: number;
  isParked: boolean;
}

/** The events of one key that wait, in order; the first is the one being handled. */
interface Lane {
  readonly entries: Entry[];
  state: 'ready' | 'running' | 'pausing';
}

export interface ConsumerGroupOptions {
  readonly group: string;
  readonly types: readonly string[];
  readonly handler: EventHandler;
  readonly lingerMs: number;
  readonly log: EventLog;
  readonly store: GroupStore;
  readonly clock: Clock;
  readonly policy: DeliveryPolicy;
  readonly report: ReportTrouble;
}

/**
 * One group's reading of the log. Each key has a lane: its events are handled one after the other, and a failing one
 * holds back only its own lane. A failure is written down ("parked") with its count of attempts, so that a restart goes
 * on where it was; the cursor may then pass it, but not the events that wait behind it.
 */
export class ConsumerGroup {
  readonly #options: ConsumerGroupOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: Lane[] = [];
  readonly #watermark = new Watermark();
  readonly #timers = new Set<() => void>();
  #underWay = 0;
  #running = 0;
  #reading: Promise<void> | undefined;
  #isStale = false;
  #isLingering = false;
  #isStarting = false;
  #saved = 0;
  #isSaving = false;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;

  constructor(options: ConsumerGroupOptions) {
    this.#options = options;
  }

  /** Takes up where the group left off. `initial` is where a group begins that is new, `end` where the log ends. */
  async open(initial: number, end: number): Promise<void> {
    this.#saved = await this.#options.store.open(initial, end);
    this.#watermark.read(this.#saved);
    for (const {
      attempts,
      nextAttemptAt,
      groupName: _group,
      lastError: _error,
      ...event
    } of await this.#options.store.parked()) {
      this.adopt(event, attempts, nextAttemptAt);
    }
    this.wake();
  }

  isInterestedIn(type: string): boolean {
    return matchesType(this.#options.types, type);
  }

  /** There may be something new in the log. */
  wake(): void {
    if (this.#isClosed || this.#isLingering) return;
    if (this.#options.lingerMs === 0) {
      this.#read();
      return;
    }
    this.#isLingering = true;
    this.#later(this.#options.lingerMs, () => {
      this.#isLingering = false;
      this.#read();
    });
  }

  /** Takes a parked delivery into its lane. */
  adopt(event: LoggedEvent, attempts: number, notBefore: number): void {
    const lane = this.#enqueue({ event, attempts, isParked: true });
    const pause = notBefore - this.#options.clock.now();
    if (pause > 0 && lane.state === 'ready' && lane.entries.length === 1) this.#pause(lane, pause);
    this.#runReady();
  }

  /** Ends reading and pauses, waits for the handlers that run, and writes the cursor down. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    await this.#reading;
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.#save();
  }

  #read(): void {
    this.#isStale = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      // Somebody called after the last look and before this.
      if (this.#mayRead()) this.#read();
    });
  }

  #mayRead(): boolean {
    return this.#isStale && !this.#isClosed && this.#underWay < MAX_UNDER_WAY;
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#mayRead()) {
        // Taken back before the reading, so that whoever calls meanwhile is heard.
        this.#isStale = false;
        const events = await this.#options.log.after(this.#watermark.lastRead, READ_SIZE);
        if (events.length === READ_SIZE) this.#isStale = true;
        for (const event of events) this.#take(event);
        this.#runReady();
        // Reading SQLite never waits; timers and sockets get their turn between two batches.
        if (this.#isStale) await new Promise((resolve) => setImmediate(resolve));
      }
      this.#saveSoon();
    } catch (error) {
      this.#options.report({ kind: 'storage_failed', during: `reading for ${this.#options.group}`, error });
    }
  }

  #take(event: LoggedEvent): void {
    this.#watermark.read(event.position);
    if (!this.isInterestedIn(event.type)) return;
    this.#watermark.hold(event.position);
    this.#enqueue({ event, attempts: 0, isParked: false });
  }

  #enqueue(entry: Entry): Lane {
    const known = this.#lanes.get(entry.event.key);
    this.#underWay += 1;
    if (known !== undefined) {
      known.entries.push(entry);
      return known;
    }
    const lane: Lane = { entries: [entry], state: 'ready' };
    this.#lanes.set(entry.event.key, lane);
    this.#ready.push(lane);
    return lane;
  }

  /** Starts what may run. Handlers begin at once, so that many of them in a row would hold up everything else. */
  #runReady(): void {
    if (this.#isStarting) return;
    const limit = this.#options.lingerMs > 0 ? MAX_GATHERED : MAX_CONCURRENT;
    const start = performance.now();
    while (this.#running < limit && !this.#isClosed) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      if (lane.state !== 'ready') continue;
      this.#run(lane);
      if (performance.now() - start > LONGEST_TURN_MS) {
        this.#isStarting = true;
        setImmediate(() => {
          this.#isStarting = false;
          this.#runReady();
        });
        return;
      }
    }
  }

  #run(lane: Lane): void {
    lane.state = 'running';
    this.#running += 1;
    void this.#runFirst(lane).then(() => {
      this.#running -= 1;
      if (this.#running === 0) this.#whenIdle?.();
      this.#runReady();
    });
  }

  /** Handles the lane's first event once. Lanes take turns, so that a long one does not starve the others. */
  async #runFirst(lane: Lane): Promise<void> {
    const entry = lane.entries[0] as Entry;
    try {
      const delivery = { attempt: entry.attempts + 1 };
      await this.#inTime(this.#options.handler(busEvent(entry.event), delivery));
      if (entry.isParked) await this.#options.store.unpark(entry.event.position);
    } catch (error) {
      await this.#fail(lane, entry, error);
      return;
    }
    this.#finish(lane, entry);
  }

  #finish(lane: Lane, entry: Entry): void {
    lane.entries.shift();
    this.#underWay -= 1;
    this.#watermark.release(entry.event.position);
    if (lane.entries.length === 0) {
      this.#lanes.delete(entry.event.key);
    } else {
      lane.state = 'ready';
      this.#ready.push(lane);
    }
    this.#saveSoon();
    if (this.#isStale) this.#read();
  }

  async #fail(lane: Lane, entry: Entry, error: unknown): Promise<void> {
    const { group, policy, clock, store, report } = this.#options;
    const { eventId, type, position } = entry.event;
    const attempts = entry.attempts + 1;
    const pause = pauseAfter(attempts, policy);
    try {
      if (attempts >= policy.maxAttempts) {
        await store.bury(entry.event, attempts, clock.now(), errorText(error));
        report({ kind: 'dead_letter', group, eventId, type, attempts, error });
        this.#finish(lane, entry);
        return;
      }
      report({ kind: 'delivery_failed', group, eventId, type, attempt: attempts, error });
      await store.park(entry.event, attempts, clock.now() + pause, errorText(error));
      entry.isParked = true;
      entry.attempts = attempts;
      this.#watermark.release(position);
    } catch (failure) {
      // Not written down, so not counted either: a database in trouble must not bury what it could not handle.
      report({ kind: 'storage_failed', during: `parking for ${group}`, error: failure });
    }
    this.#pause(lane, pause);
  }

  #pause(lane: Lane, ms: number): void {
    lane.state = 'pausing';
    this.#later(ms, () => {
      lane.state = 'ready';
      this.#ready.push(lane);
      this.#runReady();
    });
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

  #saveSoon(): void {
    if (this.#isSaving || this.#isClosed || this.#watermark.acknowledged === this.#saved) return;
    this.#isSaving = true;
    this.#later(SAVE_EVERY_MS, () => {
      void this.#save().then(() => {
        this.#isSaving = false;
        this.#saveSoon();
      });
    });
  }

  async #save(): Promise<void> {
    const cursor = this.#watermark.acknowledged;
    if (cursor === this.#saved) return;
    try {
      await this.#options.store.saveCursor(cursor);
      this.#saved = cursor;
    } catch (error) {
      this.#options.report({ kind: 'storage_failed', during: `saving the cursor of ${this.#options.group}`, error });
    }
  }

  #later(ms: number, task: () => void): void {
    if (this.#isClosed) return;
    const cancel = this.#options.clock.schedule(ms, () => {
      this.#timers.delete(cancel);
      if (!this.#isClosed) task();
    });
    this.#timers.add(cancel);
  }
}
