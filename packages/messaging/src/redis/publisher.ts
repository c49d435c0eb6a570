import { isFull } from '@expacti/redis';
import type { BusEvent } from '../bus.js';
import { storedEvent } from '../event-row.js';
import { orUnavailable } from './or-unavailable.js';
import { type PartitionKeys, partitionOf } from './partitions.js';
import type { BusRedis } from './scripts.js';
import { eventValues } from './stream-event.js';

/** Events added in one step: nobody else is served meanwhile. */
const CHUNK = 100;

/** Appends events to their partitions' streams. The hot path: one event is one round trip. */
export class Publisher {
  readonly #redis: BusRedis;
  readonly #partitions: readonly PartitionKeys[];
  readonly #onFull: () => void;

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
    const keys = this.#partitions[partition] as PartitionKeys;
    const values = events.flatMap((event) => eventValues(storedEvent(event)));
    const added = this.#redis.busPublish(keys.events, keys.ids, ...values);
    added.catch((error: unknown) => {
      if (isFull(error)) this.#onFull();
    });
    await orUnavailable(added);
  }
}
