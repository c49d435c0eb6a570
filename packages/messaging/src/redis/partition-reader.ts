import type { Clock } from '@expacti/persistence';
import type { EventHandler } from '../bus.js';
import type { DeliveryPolicy } from '../delivery-policy.js';
import { busEvent } from '../event-row.js';
import { matchesType } from '../event-types.js';
import type { Gate } from '../gate.js';
import { Lanes } from '../lanes.js';
import { errorText, type ReportTrouble } from '../trouble.js';
import { Acknowledgements } from './acknowledgements.js';
import type { PartitionKeys } from './partitions.js';
import type { BusRedis } from './scripts.js';
import { eventValues, type StreamEntry, type StreamedEvent, streamedEvent } from './stream-event.js';
import { Tenure } from './tenure.js';

/** Events read at once from one partition. */
const READ_SIZE = 256;

/** What the readers of one group in one process have in common. */
export interface GroupContext {
  readonly redis: BusRedis;
  readonly group: string;
  /** The name of this process among the group's consumers. */
  readonly consumer: string;
  readonly types: readonly string[];
  readonly handler: EventHandler;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly policy: DeliveryPolicy;
  readonly report: ReportTrouble;
  /** How often the connection was lost so far. */
  readonly losses: () => number;
  /** Whether more may be read: only so many events may be under way in a process. */
  readonly hasRoom: () => boolean;
  readonly entered: (count: number) => void;
  readonly left: (count: number) => void;
  /** The reader may have something to read: calls its `wake`, at once or after gathering. */
  readonly wake: (reader: PartitionReader) => void;
  /** The group is gone from the stream: makes it anew, from what the stream holds. */
  readonly reopen: (keys: PartitionKeys) => Promise<void>;
}

interface Delivery {
  readonly key: string;
  readonly event: StreamedEvent;
  attempts: number;
}

/** From taking a partition over to losing it or giving it up. */
interface Term {
  readonly tenure: Tenure;
  readonly lanes: Lanes<Delivery>;
  /** The entries that are in the lanes. */
  readonly underWay: Set<string>;
  /** Up to where the deliveries that earlier owners left behind were taken up; done when there are no more. */
  reclaimedTo: string | 'done';
  isEnding: boolean;
}

/**
 * Reads one partition for one group, while no other process does: that is what keeps the order of each key.
 *
 * A new owner first takes up, in order, what was delivered but never acknowledged, with its count of attempts (Redis
 * counts deliveries: one more than the failures that were recorded), then what is new. It does so again whenever an
 * answer may have been lost on its way: what that would have told is pending, and comes before anything newer. Losing the partition drops what
 * waits in memory; it is still pending in Redis for the next owner. Handlers that run then may finish beside it.
 */
export class PartitionReader {
  readonly #context: GroupContext;
  readonly #keys: PartitionKeys;
  readonly #lock: string;
  readonly #acknowledgements: Acknowledgements;
  #term: Term | undefined;
  /** Settles when the handlers of an earlier term have: two at once for one key must not run in this process. */
  #former: Promise<void> | undefined;
  #leaving: Promise<void> | undefined;
  #isStale = false;
  /** Reading has failed; it waits for the next `keepUp` instead of failing again at once. */
  #isTroubled = false;
  #reading: Promise<void> | undefined;

  constructor(context: GroupContext, keys: PartitionKeys, lock: string) {
    this.#context = context;
    this.#keys = keys;
    this.#lock = lock;
    this.#acknowledgements = new Acknowledgements(context, keys.events, lock);
  }

  get isOwner(): boolean {
    return this.#term !== undefined;
  }

  get isLeaving(): boolean {
    return this.#leaving !== undefined;
  }

  /** Becomes the owner if nobody is. */
  async tryToOwn(): Promise<void> {
    if (this.#term !== undefined || this.#former !== undefined) return;
    const tenure = await Tenure.begin(this.#context.redis, this.#lock);
    if (tenure === undefined) return;
    const underWay = new Set<string>();
    this.#term = { tenure, underWay, lanes: this.#lanesFor(tenure, underWay), reclaimedTo: '', isEnding: false };
    this.#context.wake(this);
  }

  /** Goes on owning, or notices that this is over. Also tries again what failed meanwhile. */
  async keepUp(): Promise<void> {
    const term = this.#term;
    if (term === undefined) return;
    if (!term.tenure.isCertain || !(await term.tenure.extend())) {
      this.#lose(term);
      return;
    }
    this.#isTroubled = false;
    void this.#acknowledgements.flush(term.tenure);
    this.#context.wake(this);
  }

  /** Takes nothing more, finishes what runs, records what was acknowledged, and lets somebody else take over at once. */
  async leave(): Promise<void> {
    this.#leaving ??= this.#leave().finally(() => {
      this.#leaving = undefined;
    });
    await this.#leaving;
  }

  async #leave(): Promise<void> {
    const term = this.#term;
    if (term !== undefined) {
      // Before anything is awaited: nothing starts once somebody has asked for the end.
      term.isEnding = true;
      const idle = term.lanes.close();
      await this.#reading;
      await idle;
      await this.#acknowledgements.flush(term.tenure);
      await term.tenure.end().finally(() => {
        this.#term = undefined;
      });
    }
    await this.#former;
  }

  /** There may be something new. */
  wake(): void {
    this.#isStale = true;
    if (!this.#mayRead()) return;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      // Somebody called after the last look and before this.
      if (this.#mayRead()) this.wake();
    });
  }

  /** There is room again. */
  resume(): void {
    if (this.#isStale) this.wake();
  }

  #mayRead(): boolean {
    const term = this.#term;
    const isOwner = term !== undefined && !term.isEnding && term.tenure.isCertain;
    return isOwner && this.#isStale && !this.#isTroubled && this.#context.hasRoom();
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#mayRead()) {
        // Taken back before the reading, so that whoever calls meanwhile is heard.
        this.#isStale = false;
        const term = this.#term as Term;
        if (!(await this.#readOnce(term))) this.#lose(term);
      }
    } catch (error) {
      await this.#recover(error);
    }
  }

  /** False when somebody else owns the partition. */
  async #readOnce(term: Term): Promise<boolean> {
    const { redis, group, consumer } = this.#context;
    const { events } = this.#keys;
    const fence = [events, this.#lock, term.tenure.token, group, consumer] as const;
    if (term.reclaimedTo !== 'done') {
      const from = term.reclaimedTo === '' ? '-' : `(${term.reclaimedTo}`;
      const found = await redis.busReclaim(...fence, from, READ_SIZE);
      if (found === null) return false;
      const [last, entries] = found;
      term.reclaimedTo = last === '' ? 'done' : last;
      this.#isStale = true;
      for (const [deliveries, entry] of entries) this.#take(term, entry, Math.max(deliveries - 1, 0));
      return true;
    }
    const losses = this.#context.losses();
    const entries = await redis.busTake(...fence, READ_SIZE);
    if (entries === null) return false;
    if (losses !== this.#context.losses()) {
      // The answer to a repetition: what the first one took comes before this, and is pending with it.
      term.reclaimedTo = '';
      this.#isStale = true;
      return true;
    }
    if (entries.length === READ_SIZE) this.#isStale = true;
    for (const entry of entries) this.#take(term, entry, 0);
    return true;
  }

  /** What comes after the end of the term stays pending for the next owner. */
  #take(term: Term, entry: StreamEntry, attempts: number): void {
    if (this.#term !== term || term.isEnding || term.underWay.has(entry[0])) return;
    const { group, types } = this.#context;
    const event = streamedEvent(entry);
    const isOurs = event.onlyFor === undefined || event.onlyFor === group;
    // One that was handled in an earlier term, but could not be acknowledged then, is not handled again.
    if (!isOurs || !matchesType(types, event.type) || this.#acknowledgements.isWaiting(event.position)) {
      this.#acknowledgements.add(event.position, term.tenure);
      return;
    }
    this.#context.entered(1);
    term.underWay.add(event.position);
    term.lanes.add({ key: event.key, event, attempts });
  }

  #lanesFor(tenure: Tenure, underWay: Set<string>): Lanes<Delivery> {
    const { gate, clock, policy, handler, left } = this.#context;
    return new Lanes<Delivery>({
      gate,
      clock,
      policy,
      left,
      mayStart: () => tenure.isCertain,
      handle: async ({ event }, attempt) => handler(busEvent(event), { attempt }),
      succeeded: ({ event }) => {
        underWay.delete(event.position);
        this.#acknowledgements.add(event.position, tenure);
      },
      failed: async (delivery, attempts, error) => {
        const outcome = await this.#failed(tenure, delivery, attempts, error);
        if (outcome === 'given up') underWay.delete(delivery.event.position);
        return outcome;
      },
    });
  }

  async #failed(tenure: Tenure, { event }: Delivery, attempts: number, error: unknown): Promise<'again' | 'given up'> {
    const { redis, group, consumer, policy, clock, report } = this.#context;
    const { eventId, type, position } = event;
    const isLast = attempts >= policy.maxAttempts;
    const { events, dead } = this.#keys;
    try {
      if (!isLast) report({ kind: 'delivery_failed', group, eventId, type, attempt: attempts, error });
      const outcome = isLast
        ? await redis.busBury(
            events,
            this.#lock,
            dead,
            tenure.token,
            group,
            position,
            attempts,
            clock.now(),
            errorText(error),
            ...eventValues(event),
          )
        : await redis.busCountFailure(events, this.#lock, tenure.token, group, consumer, position, attempts + 1);
      if (outcome === null) throw new Error('another process reads this partition now');
    } catch (failure) {
      report({ kind: 'storage_failed', during: `recording a failure of ${group}`, error: failure });
      throw failure;
    }
    if (!isLast) return 'again';
    report({ kind: 'dead_letter', group, eventId, type, attempts, error });
    return 'given up';
  }

  #lose(term: Term): void {
    if (this.#term !== term || term.isEnding) return;
    this.#term = undefined;
    // Where Redis still takes it for ours it would keep everybody waiting, us too.
    term.tenure.end().catch(() => undefined);
    this.#former = term.lanes.close().finally(() => {
      this.#former = undefined;
    });
  }

  async #recover(error: unknown): Promise<void> {
    this.#isStale = true;
    this.#isTroubled = true;
    // Whether the server has carried it out is not known: what it took is pending then, and comes first.
    if (this.#term !== undefined) this.#term.reclaimedTo = '';
    const { group, report, reopen } = this.#context;
    report({ kind: 'storage_failed', during: `reading for ${group}`, error });
    if (!String(error).includes('NOGROUP')) return;
    try {
      await reopen(this.#keys);
      this.#isTroubled = false;
    } catch (failure) {
      report({ kind: 'storage_failed', during: `making the group ${group} anew`, error: failure });
    }
  }
}
