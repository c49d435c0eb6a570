import type { RedisSettings } from '@expacti/redis';
import type { Redis } from 'ioredis';
import type { ReportTrouble } from '../trouble.js';
import { BLOCK_MS, BlockingReader } from './blocking-reader.js';
import { isAfter, type StreamEntry, type StreamedEvent, streamedEvent } from './stream-event.js';

/** Entries read at once from each stream. */
const READ_SIZE = 256;
const BEGINNING = '0-0';

/** Told of the events that were added to a partition, in their order. */
export type TailListener = (partition: number, events: readonly StreamedEvent[]) => void;

/**
 * Follows the ends of all partitions with one read that waits at the server. It feeds ephemeral subscriptions and tells
 * consumer groups that there is something for them to take; it acknowledges nothing.
 */
export class StreamTail {
  readonly #settings: RedisSettings;
  readonly #name: string;
  readonly #commands: Redis;
  readonly #streams: readonly string[];
  readonly #report: ReportTrouble;
  readonly #listeners = new Set<TailListener>();
  /** The last entry that was read of each stream. */
  readonly #positions: string[] = [];
  #reader: BlockingReader | undefined;
  #starting: Promise<void> | undefined;

  constructor(
    settings: RedisSettings,
    name: string,
    commands: Redis,
    streams: readonly string[],
    report: ReportTrouble,
  ) {
    this.#settings = settings;
    this.#name = name;
    this.#commands = commands;
    this.#streams = streams;
    this.#report = report;
  }

  /** Once it resolves the listener hears of everything that is added later. Returns what ends that. */
  async listen(listener: TailListener): Promise<() => void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    await this.#starting;
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    await this.#reader?.stop();
  }

  async #start(): Promise<void> {
    const ends = await Promise.all(this.#streams.map((stream) => endOf(this.#commands, stream)));
    this.#positions.push(...ends);
    this.#reader = new BlockingReader(this.#settings, this.#name, this.#commands, (error) =>
      this.#report({ kind: 'storage_failed', during: 'following the streams', error }),
    );
    this.#reader.start((redis) => this.#read(redis));
  }

  async #read(redis: Redis): Promise<void> {
    const from = this.#positions;
    const found = await redis.xread('COUNT', READ_SIZE, 'BLOCK', BLOCK_MS, 'STREAMS', ...this.#streams, ...from);
    if (found === null) {
      await this.#noticeLoss();
      return;
    }
    for (const [stream, entries] of found) this.#hand(this.#streams.indexOf(stream), entries as StreamEntry[]);
  }

  #hand(partition: number, entries: readonly StreamEntry[]): void {
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#positions[partition] = last[0];
    const events = entries.map(streamedEvent);
    for (const listener of this.#listeners) listener(partition, events);
  }

  /**
   * A stream that ends before our position is not the one that we have read: somebody has emptied the server, or its
   * clock has gone back since. Waiting for ids beyond the old position would miss every event until then.
   */
  async #noticeLoss(): Promise<void> {
    const ends = await Promise.all(this.#streams.map((stream) => endOf(this.#commands, stream)));
    for (const [partition, end] of ends.entries()) {
      if (!isAfter(this.#positions[partition] ?? BEGINNING, end)) continue;
      this.#positions[partition] = BEGINNING;
      const error = new Error(`partition ${partition} ends before what was read of it`);
      this.#report({ kind: 'storage_failed', during: 'following the streams', error });
    }
  }
}

/** The id of the newest entry that a stream holds. */
async function endOf(redis: Redis, stream: string): Promise<string> {
  const [newest] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1);
  return newest?.[0] ?? BEGINNING;
}
