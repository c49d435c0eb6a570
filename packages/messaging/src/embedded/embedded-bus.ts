import { type Clock, type Database, OUTBOX_TOPIC, systemClock } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';
import type { Bus, BusEvent, DeadLetter, EphemeralOptions, SubscribeOptions, Subscription } from '../bus.js';
import { type DeliveryPolicy, defaultDeliveryPolicy } from '../delivery-policy.js';
import { checkTypePatterns } from '../event-types.js';
import type { ReportTrouble } from '../trouble.js';
import { ConsumerGroup } from './consumer-group.js';
import { DeadLetters } from './dead-letters.js';
import { EphemeralReader } from './ephemeral-reader.js';
import { EventLog } from './event-log.js';
import { GroupStore } from './group-store.js';
import { trimLog } from './log-trimmer.js';

export interface EmbeddedBusOptions {
  /** Opened with `messagingEntities` and `messagingMigrations`. */
  readonly database: Database;
  readonly clock?: Clock;
  readonly policy?: Partial<DeliveryPolicy>;
  /** How often the log is looked at without being woken: finds what another process has written. Default 1 s. */
  readonly pollMs?: number;
  /** How often the log is trimmed. Default 60 s. */
  readonly trimMs?: number;
  readonly report?: ReportTrouble;
}

type Reader = ConsumerGroup | EphemeralReader;

/**
 * The bus of the standalone composition: a log table in the services' own database. One process consumes from it at a
 * time; others may publish. On SQLite, where commits come one after the other, the database's `outboxTable` may be the
 * log itself (`EMBEDDED_LOG_TABLE`): there is nothing left to relay then.
 */
export class EmbeddedBus implements Bus {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #policy: DeliveryPolicy;
  readonly #report: ReportTrouble;
  readonly #log: EventLog;
  readonly #deadLetters: DeadLetters;
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #readers = new Set<Reader>();
  readonly #readersOfType = new Map<string, Reader[]>();
  readonly #timers = new Map<string, () => void>();
  readonly #stopListening: () => void;
  #isClosed = false;

  constructor(options: EmbeddedBusOptions) {
    this.#database = options.database;
    this.#clock = options.clock ?? systemClock;
    this.#policy = { ...defaultDeliveryPolicy, ...options.policy };
    this.#report = options.report ?? (() => undefined);
    this.#log = new EventLog(options.database);
    this.#deadLetters = new DeadLetters(options.database);
    this.#stopListening = options.database.onCommit(OUTBOX_TOPIC, (types) => this.#wakeFor(types));
    this.#repeat('poll', options.pollMs ?? 1_000, async () => this.#wakeAll());
    this.#repeat('trim', options.trimMs ?? 60_000, async () => void (await trimLog(this.#database)));
  }

  async publish(events: readonly BusEvent[]): Promise<void> {
    if (this.#isClosed) throw new Error('The bus is closed');
    if (events.length === 0) return;
    await this.#log.append(events);
    this.wake(events);
  }

  /** Publishes as part of a transaction; call `wake` once that has committed. For the outbox relay. */
  async publishWithin(manager: EntityManager, events: readonly BusEvent[]): Promise<void> {
    await this.#log.appendWithin(manager, events);
  }

  /** Tells the subscribers of these events' types that there is something to read. */
  wake(events: readonly BusEvent[]): void {
    this.#wakeFor(events.map(({ type }) => type));
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    checkTypePatterns(options.types);
    const { group } = options;
    if (this.#groups.has(group)) throw new Error(`The group '${group}' has a subscription in this process already`);
    const consumer = new ConsumerGroup({
      ...options,
      lingerMs: options.lingerMs ?? 0,
      log: this.#log,
      store: new GroupStore(this.#database, group),
      clock: this.#clock,
      policy: this.#policy,
      report: this.#report,
    });
    this.#groups.set(group, consumer);
    try {
      const end = await this.#log.end();
      await consumer.open(options.from === 'now' ? end : 0, end);
    } catch (error) {
      this.#groups.delete(group);
      throw error;
    }
    return this.#register(consumer, () => this.#groups.delete(group));
  }

  async subscribeEphemeral(options: EphemeralOptions): Promise<Subscription> {
    checkTypePatterns(options.types);
    const reader = new EphemeralReader(options, this.#log, await this.#log.end(), this.#report);
    return this.#register(reader, () => undefined);
  }

  async deadLetters(group?: string): Promise<DeadLetter[]> {
    return this.#deadLetters.list(group);
  }

  async replay(id: string): Promise<boolean> {
    const revived = await this.#deadLetters.revive(id, this.#clock.now());
    if (revived === undefined) return false;
    this.#groups.get(revived.group)?.adopt(revived.event, 0, this.#clock.now());
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopListening();
    for (const cancel of this.#timers.values()) cancel();
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    this.#readers.clear();
    this.#groups.clear();
  }

  #register(reader: Reader, forget: () => void): Subscription {
    this.#readers.add(reader);
    this.#readersOfType.clear();
    // What was published while it was being opened.
    reader.wake();
    return {
      close: async () => {
        await reader.close();
        this.#readers.delete(reader);
        this.#readersOfType.clear();
        forget();
      },
    };
  }

  #interestedIn(type: string): Reader[] {
    let readers = this.#readersOfType.get(type);
    if (readers === undefined) {
      readers = [...this.#readers].filter((reader) => reader.isInterestedIn(type));
      this.#readersOfType.set(type, readers);
    }
    return readers;
  }

  #wakeFor(types: Iterable<string>): void {
    const woken = new Set<Reader>();
    for (const type of types) for (const reader of this.#interestedIn(type)) woken.add(reader);
    for (const reader of woken) reader.wake();
  }

  #wakeAll(): void {
    for (const reader of this.#readers) reader.wake();
  }

  #repeat(name: string, everyMs: number, task: () => Promise<void>): void {
    if (this.#isClosed) return;
    const cancel = this.#clock.schedule(everyMs, () => {
      void task()
        .catch((error: unknown) => this.#report({ kind: 'storage_failed', during: name, error }))
        .then(() => this.#repeat(name, everyMs, task));
    });
    this.#timers.set(name, cancel);
  }
}
