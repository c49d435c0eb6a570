import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, systemClock } from '@expacti/persistence';
import { closeRedis, DEFAULT_PREFIX, openRedis, type RedisSettings } from '@expacti/redis';
import type { EntityManager } from 'typeorm';
import type { Bus, BusEvent, DeadLetter, EphemeralOptions, SubscribeOptions, Subscription } from '../bus.js';
import { type DeliveryPolicy, defaultDeliveryPolicy } from '../delivery-policy.js';
import { checkTypePatterns } from '../event-types.js';
import type { RelayTarget } from '../outbox-relay.js';
import type { ReportTrouble } from '../trouble.js';
import { agreeOnPartitions } from './agree-on-partitions.js';
import { DeadLetterStreams } from './dead-letter-streams.js';
import { EphemeralSubscription } from './ephemeral-subscription.js';
import { GroupConsumer } from './group-consumer.js';
import { orUnavailable } from './or-unavailable.js';
import { BusKeys, DEFAULT_PARTITIONS } from './partitions.js';
import { Publisher } from './publisher.js';
import { type BusRedis, withBusScripts } from './scripts.js';
import { timeOf } from './stream-event.js';
import { StreamTail } from './stream-tail.js';
import { KEEP_FOR_MS, StreamTrimmer } from './stream-trimmer.js';

export interface RedisStreamsBusOptions {
  readonly settings: RedisSettings;
  readonly clock?: Clock;
  readonly policy?: Partial<DeliveryPolicy>;
  /** Over how many streams orgs are spread; the first process of an installation decides. Default 8. */
  readonly partitions?: number;
  readonly report?: ReportTrouble;
  /** The name of this process among a group's consumers; no two may have the same. Default: host, pid, and chance. */
  readonly consumer?: string;
  /**
   * Groups of the installation that must see every event from its first one on. They are made before anything else, so
   * that nothing is trimmed before a service has started that another process of it would have held back.
   */
  readonly groups?: readonly string[];
  /** How often the streams are trimmed. Default 60 s. */
  readonly trimMs?: number;
  /** For how long events are kept even when every group has acknowledged them. Default 10 s. */
  readonly keepForMs?: number;
}

/** What exists once the number of partitions is known. */
interface Streams {
  readonly partitions: number;
  readonly publisher: Publisher;
  readonly trimmer: StreamTrimmer;
  readonly deadLetters: DeadLetterStreams;
  readonly tail: StreamTail;
}

/**
 * The bus of the distributed composition: Redis Streams, partitioned by org, each with its consumer groups.
 *
 * What could fail silently, and what stands against it:
 * - A server that acknowledges before it has written (`appendfsync` other than `always`) or that evicts: nothing here
 *   would notice. The composition root calls `checkDurability`.
 * - Two processes reading one partition for one group would break the order of keys: `Tenure` fences every step.
 * - A `MAXLEN` on a stream would drop what nobody has read: only `StreamTrimmer` removes, below what every group has
 *   acknowledged. A group that nobody runs any more holds everything back until somebody removes it (`XGROUP DESTROY`).
 * - A retry after a lost connection would add an event twice: the ids of what a stream holds are kept beside it.
 *
 * Opens its connections at once and waits for none of them. Without subscriptions it only publishes, lists and replays.
 */
export class RedisStreamsBus implements Bus, RelayTarget {
  readonly #settings: RedisSettings;
  readonly #clock: Clock;
  readonly #policy: DeliveryPolicy;
  readonly #report: ReportTrouble;
  readonly #consumer: string;
  readonly #keys: BusKeys;
  readonly #wantedPartitions: number | undefined;
  readonly #lastingGroups: readonly string[];
  readonly #trimMs: number;
  readonly #keepForMs: number;
  /** Apart from the one for consuming: a long read must not hold up whoever publishes. */
  readonly #publishing: BusRedis;
  readonly #consuming: BusRedis;
  readonly #groups = new Map<string, GroupConsumer>();
  readonly #ephemeral = new Set<Subscription>();
  #losses = 0;
  #streams: Streams | undefined;
  #opening: Promise<Streams> | undefined;
  #cancelTrim: () => void = () => undefined;
  #trimming: Promise<unknown> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: RedisStreamsBusOptions) {
    this.#settings = options.settings;
    this.#clock = options.clock ?? systemClock;
    this.#policy = { ...defaultDeliveryPolicy, ...options.policy };
    this.#report = options.report ?? (() => undefined);
    this.#consumer = options.consumer ?? `${hostname()}.${process.pid}.${randomBytes(4).toString('hex')}`;
    this.#keys = new BusKeys(options.settings.prefix ?? DEFAULT_PREFIX);
    this.#wantedPartitions = options.partitions;
    this.#lastingGroups = options.groups ?? [];
    this.#trimMs = options.trimMs ?? 60_000;
    this.#keepForMs = options.keepForMs ?? KEEP_FOR_MS;
    this.#publishing = withBusScripts(openRedis(options.settings, 'bus.publish'));
    this.#consuming = withBusScripts(openRedis(options.settings, 'bus.consume'));
    this.#consuming.on('close', () => {
      this.#losses += 1;
    });
    this.#trimLater();
  }

  /**
   * Resolves when the server answers and agrees on the number of partitions. Not needed before anything else; a
   * composition root calls it so that a process that is configured otherwise does not start.
   */
  async ready(): Promise<void> {
    await this.#open();
  }

  async publish(events: readonly BusEvent[]): Promise<void> {
    const { publisher } = this.#streams ?? (await this.#open());
    if (this.#closed !== undefined) throw new Error('The bus is closed');
    await publisher.publish(events);
  }

  /** The transaction that removes the events from the outbox stays open meanwhile; a retry adds none of them twice. */
  async publishWithin(_manager: EntityManager, events: readonly BusEvent[]): Promise<void> {
    await this.publish(events);
  }

  /** The streams themselves wake whoever reads. */
  wake(): void {}

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    checkTypePatterns(options.types);
    const { group } = options;
    if (this.#groups.has(group)) throw new Error(`The group '${group}' has a subscription in this process already`);
    const { partitions, tail } = await this.#open();
    if (this.#groups.has(group)) throw new Error(`The group '${group}' has a subscription in this process already`);
    const consumer = new GroupConsumer({
      ...options,
      redis: this.#consuming,
      losses: () => this.#losses,
      keys: this.#keys,
      partitions,
      consumer: this.#consumer,
      clock: this.#clock,
      policy: this.#policy,
      report: this.#report,
    });
    this.#groups.set(group, consumer);
    let stopListening: () => void;
    try {
      stopListening = await orUnavailable(
        tail.listen((partition, events) =>
          consumer.wake(
            partition,
            events.map(({ type }) => type),
          ),
        ),
      );
      await orUnavailable(consumer.open());
    } catch (error) {
      this.#groups.delete(group);
      throw error;
    }
    return {
      close: async () => {
        stopListening();
        await consumer.close();
        this.#groups.delete(group);
      },
    };
  }

  async subscribeEphemeral(options: EphemeralOptions): Promise<Subscription> {
    checkTypePatterns(options.types);
    const { tail } = await this.#open();
    const ephemeral = new EphemeralSubscription(options, this.#report);
    const stopListening = await orUnavailable(tail.listen((_partition, events) => ephemeral.push(events)));
    const subscription: Subscription = {
      close: async () => {
        stopListening();
        this.#ephemeral.delete(subscription);
        await ephemeral.close();
      },
    };
    this.#ephemeral.add(subscription);
    return subscription;
  }

  async deadLetters(group?: string): Promise<DeadLetter[]> {
    const { deadLetters } = await this.#open();
    return orUnavailable(deadLetters.list(group));
  }

  async replay(id: string): Promise<boolean> {
    const { deadLetters } = await this.#open();
    return orUnavailable(deadLetters.replay(id));
  }

  /** Removes what every group has acknowledged. Happens by itself every `trimMs`. Returns how many events went. */
  async trim(): Promise<number> {
    const { trimmer } = await this.#open();
    return orUnavailable(trimmer.trim());
  }

  /** The server's time when the oldest event that is still held was added, in ms; undefined when none is. */
  async oldestHeldAt(): Promise<number | undefined> {
    const { partitions } = await this.#open();
    const streams = Array.from({ length: partitions }, (_, number) => this.#keys.partition(number).events);
    const oldest = await orUnavailable(
      Promise.all(streams.map((stream) => this.#consuming.xrange(stream, '-', '+', 'COUNT', 1))),
    );
    const times = oldest.flatMap((entries) => entries.map(([id]) => timeOf(id)));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#cancelTrim();
    await this.#opening?.catch(() => undefined);
    await this.#streams?.tail.stop();
    await Promise.all([...this.#groups.values()].map((consumer) => consumer.close()));
    this.#groups.clear();
    await Promise.all([...this.#ephemeral].map((subscription) => subscription.close()));
    await this.#trimming;
    await Promise.all([closeRedis(this.#publishing), closeRedis(this.#consuming)]);
  }

  async #open(): Promise<Streams> {
    if (this.#closed !== undefined) throw new Error('The bus is closed');
    if (this.#streams !== undefined) return this.#streams;
    this.#opening ??= this.#agree().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #agree(): Promise<Streams> {
    const partitions = await orUnavailable(
      agreeOnPartitions(this.#publishing, this.#keys.partitions, this.#wantedPartitions, DEFAULT_PARTITIONS),
    );
    const keys = Array.from({ length: partitions }, (_, number) => this.#keys.partition(number));
    const openings = keys.flatMap(({ events }) =>
      this.#lastingGroups.map((group) => this.#publishing.busOpenGroup(events, group, '0')),
    );
    await orUnavailable(Promise.all(openings));
    const trimmer = new StreamTrimmer(this.#consuming, keys, this.#keepForMs);
    const streams = keys.map(({ events }) => events);
    this.#streams = {
      partitions,
      trimmer,
      publisher: new Publisher(this.#publishing, keys, () => this.#trimNow(trimmer)),
      deadLetters: new DeadLetterStreams(this.#consuming, this.#keys, partitions),
      tail: new StreamTail(this.#settings, 'bus.tail', this.#consuming, streams, this.#report),
    };
    return this.#streams;
  }

  #trimLater(): void {
    this.#cancelTrim = this.#clock.schedule(this.#trimMs, () => {
      const { trimmer } = this.#streams ?? {};
      if (trimmer !== undefined) this.#trimming ??= this.#trimWith(trimmer, false);
      this.#trimLater();
    });
  }

  /** Redis is full: what everybody has must go at once. */
  #trimNow(trimmer: StreamTrimmer): void {
    if (this.#closed === undefined) this.#trimming ??= this.#trimWith(trimmer, true);
  }

  async #trimWith(trimmer: StreamTrimmer, isFull: boolean): Promise<void> {
    try {
      await trimmer.trim(isFull);
      for (const consumer of this.#groups.values()) await consumer.forgetConsumers();
    } catch (error) {
      this.#report({ kind: 'storage_failed', during: 'trimming the streams', error });
    } finally {
      this.#trimming = undefined;
    }
  }
}
