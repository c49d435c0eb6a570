import type { PartitionKeys } from './partitions.js';
import type { BusRedis } from './scripts.js';

/**
 * Left standing even when everybody has it: an ephemeral reader that is a little late still finds it. Whoever is later than
 * `KEEP_FOR_MS` has lost its leases meanwhile and believes nothing that it knew.
 */
const KEEP_NEWEST = 1_000;
export const KEEP_FOR_MS = 10_000;
/** The same, in a server that is full and takes nothing new before there is room. */
const KEEP_WHEN_FULL = 100;
/** Events removed in one step: nobody else is served meanwhile. */
const CHUNK = 200;
const LONGEST_TRIMMING_MS = 10_000;

/** Removes the events that every group has acknowledged. Whatever process does it, does it for all. */
export class StreamTrimmer {
  readonly #redis: BusRedis;
  readonly #partitions: readonly PartitionKeys[];
  readonly #keepForMs: number;

  constructor(redis: BusRedis, partitions: readonly PartitionKeys[], keepForMs: number) {
    this.#redis = redis;
    this.#partitions = partitions;
    this.#keepForMs = keepForMs;
  }

  /** Trims each partition that no other process trims at the moment. Returns how many events were removed. */
  async trim(isFull = false): Promise<number> {
    let removed = 0;
    for (const keys of this.#partitions) {
      const token = `${process.pid}.${Math.random()}`;
      if ((await this.#redis.busLock(keys.trimming, token, LONGEST_TRIMMING_MS)) !== 1) continue;
      try {
        removed += isFull
          ? await this.#trimOne(keys, KEEP_WHEN_FULL, 0)
          : await this.#trimOne(keys, KEEP_NEWEST, this.#keepForMs);
      } finally {
        await this.#redis.busUnlock(keys.trimming, token);
      }
    }
    return removed;
  }

  async #trimOne({ events, ids }: PartitionKeys, keepNewest: number, keepForMs: number): Promise<number> {
    const start = performance.now();
    let removed = 0;
    while (performance.now() - start < LONGEST_TRIMMING_MS / 2) {
      const count = await this.#redis.busTrim(events, ids, keepNewest, CHUNK, keepForMs);
      removed += count;
      if (count < CHUNK) break;
    }
    return removed;
  }
}
