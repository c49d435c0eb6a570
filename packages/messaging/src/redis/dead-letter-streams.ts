import type { DeadLetter } from '../bus.js';
import { busEvent } from '../event-row.js';
import type { BusKeys } from './partitions.js';
import type { BusRedis } from './scripts.js';
import { isAfter, namedValues, type StreamEntry, streamedEvent } from './stream-event.js';

const MAX_LISTED = 200;
const READ_SIZE = 500;
/** `dead_3_1767225600000-0`: the partition, and the entry of its stream. */
const ID = /^dead_(\d{1,6})_(\d{1,20}-\d{1,20})$/;

/** What groups have given up: one stream for each partition. A letter carries its event, so it holds back no trimming. */
export class DeadLetterStreams {
  readonly #redis: BusRedis;
  readonly #keys: BusKeys;
  readonly #partitions: number;

  constructor(redis: BusRedis, keys: BusKeys, partitions: number) {
    this.#redis = redis;
    this.#keys = keys;
    this.#partitions = partitions;
  }

  async list(group?: string): Promise<DeadLetter[]> {
    const numbers = Array.from({ length: this.#partitions }, (_, number) => number);
    const found = await Promise.all(numbers.map((number) => this.#listOf(number, group)));
    return found
      .flat()
      .sort((one, other) => (isAfter(one.position, other.position) ? -1 : 1))
      .slice(0, MAX_LISTED)
      .map(({ letter }) => letter);
  }

  /** Of two who try at once one succeeds. */
  async replay(id: string): Promise<boolean> {
    const [, partition, position = ''] = ID.exec(id) ?? [];
    if (partition === undefined || Number(partition) >= this.#partitions) return false;
    const { dead, events } = this.#keys.partition(Number(partition));
    return (await this.#redis.busReplay(dead, events, position)) === 1;
  }

  /** The newest of one partition. */
  async #listOf(partition: number, group?: string): Promise<{ position: string; letter: DeadLetter }[]> {
    const { dead } = this.#keys.partition(partition);
    const found: { position: string; letter: DeadLetter }[] = [];
    let before = '+';
    while (found.length < MAX_LISTED) {
      const entries = await this.#redis.xrevrange(dead, before, '-', 'COUNT', READ_SIZE);
      for (const entry of entries) {
        const letter = letterOf(partition, entry);
        if (group === undefined || letter.group === group) found.push({ position: entry[0], letter });
      }
      const oldest = entries.at(-1);
      if (oldest === undefined || entries.length < READ_SIZE) break;
      before = `(${oldest[0]}`;
    }
    return found.slice(0, MAX_LISTED);
  }
}

function letterOf(partition: number, entry: StreamEntry): DeadLetter {
  const [position, fields] = entry;
  const { group = '', attempts = '0', error = '', died_at: diedAt = '0' } = namedValues(fields);
  return {
    id: `dead_${partition}_${position}`,
    group,
    event: busEvent(streamedEvent(entry)),
    attempts: Number(attempts),
    error,
    at: new Date(Number(diedAt)).toISOString(),
  };
}
