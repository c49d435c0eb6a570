import { isFull } from '@expacti/redis';
import type { BusEvent } from '../bus.js';
import { storedEvent } from '../event-row.js';
import { orUnavailable } from './or-unavailable.js';
import { type PartitionKeys, partitionOf } from './partitions.js';
import type { BusRedis } from './scripts.js';
import { eventValues } from './stream-event.js';

/** Events added in one step: nobody else is served meanwhile. */
const CHUNK = 100;

/** What one step is going to add to one partition, for whoever published within one turn of the event loop. */
interface Batch {
  readonly values: string[];
  events: number;
  readonly added: Promise<void>;
}

/**
 * Appends events to their partitions' streams. The hot path: one event is one round trip, and those that are published
 * in the same turn share theirs.
 */
export class Publisher {
  readonly #redis: BusRedis;
  readonly #partitions: readonly PartitionKeys[];
  readonly #onFull: () => void;
  /** By partition; each is sent when the turn ends. */
  readonly #gathering = new Map<number, Batch>();

  /** @param onFull told when Redis has refused events because it is full */
  constructor(redis: BusRedis, partitions: readonly PartitionKeys[], onFull: () => void) {
    this.#redis = redis;
    this.#partitions = partitions;
    this.#onFull = onFull;
  }

  /**
   * Durable when it resolves. When it rejects some of the events may have been added; publishing them again under their
   * ids adds the rest.
   */
  async publish(events: readonly BusEvent[]): Promise<void> {
    const [only, ...others] = events;
    if (only === undefined) return;
    if (others.length === 0) {
      await this.#add(this.#partitionOf(only), [only]);
      return;
    }
    const byPartition = Map.groupBy(events, (event) => this.#partitionOf(event));
    await Promise.all([...byPartition].map(([partition, own]) => this.#addInOrder(partition, own)));
  }

  #partitionOf({ org }: BusEvent): number {
    return partitionOf(org, this.#partitions.length);
  }

  /** One chunk after the other: a later one must not be in the stream when an earlier one was refused. */
  async #addInOrder(partition: number, events: readonly BusEvent[]): Promise<void> {
    for (let start = 0; start < events.length; start += CHUNK) {
      await this.#add(partition, events.slice(start, start + CHUNK));
    }
  }

  async #add(partition: number, events: readonly BusEvent[]): Promise<void> {
    // First, since it throws for what JSON cannot hold: a batch has others' events in it.
    const values = events.flatMap((event) => eventValues(storedEvent(event)));
    const batch = this.#batchFor(partition, events.length);
    batch.values.push(...values);
    batch.events += events.length;
    await batch.added;
  }

  #batchFor(partition: number, count: number): Batch {
    const gathering = this.#gathering.get(partition);
    if (gathering !== undefined && gathering.events + count <= CHUNK) return gathering;
    const values: string[] = [];
    const batch: Batch = { values, events: 0, added: this.#sendLater(partition, values) };
    this.#gathering.set(partition, batch);
    return batch;
  }

  async #sendLater(partition: number, values: string[]): Promise<void> {
    // After everything that the present turn has made ready: also what a whole batch of answers sets going.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    if (this.#gathering.get(partition)?.values === values) this.#gathering.delete(partition);
    const { events, ids } = this.#partitions[partition] as PartitionKeys;
    const added = this.#redis.busPublish(events, ids, ...values);
    added.catch((error: unknown) => {
      if (isFull(error)) this.#onFull();
    });
    await orUnavailable(added);
  }
}
