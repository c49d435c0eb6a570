import { setTimeout as sleep } from 'node:timers/promises';
import { closeRedis, DEFAULT_PREFIX, openRedis, type RedisSettings } from '@expacti/redis';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Redis } from 'ioredis';
import type { ReviewerAdapter } from './reviewer-adapter.js';

/**
 * Entries kept for gateways that read late. One that has fallen further behind misses some, as a page does that was away;
 * what it shows is read again over REST when its stream comes back.
 */
const MOST_ENTRIES = 10_000;

const BLOCK_MS = 2_000;

/** A server that refuses to be read (still loading, say) is asked again after this long, not in a tight loop. */
const PAUSE_AFTER_REFUSAL_MS = 200;

/**
 * socket.io over a Redis stream that every gateway reads: what one of them emits to an org's room reaches the sockets of
 * all. Connection state recovery stays off: it would write sessions with their data into Redis.
 *
 * The library expects a client that it may copy. What it is given differs from a plain one in three ways: each write can
 * be waited for, its readers begin at a known place instead of at "now", and this module closes what it opened.
 */
export async function openRedisReviewerAdapter(settings: RedisSettings): Promise<ReviewerAdapter> {
  const streamName = `${settings.prefix ?? DEFAULT_PREFIX}:{reviewers}:stream`;
  const writer = openRedis(settings, 'reviewers');
  const readers: Redis[] = [];
  const beginning = await newestEntry(writer, streamName);
  let written: Promise<unknown> = Promise.resolve();
  const write = writer.xadd.bind(writer) as (...parts: unknown[]) => Promise<unknown>;
  Object.assign(writer, {
    xadd: (...parts: unknown[]) => {
      written = write(...parts);
      return written;
    },
    duplicate: () => {
      const reader = openReader(settings, beginning);
      readers.push(reader);
      return reader;
    },
  });
  return {
    adapter: createAdapter(writer, {
      streamName,
      channelPrefix: `${settings.prefix ?? DEFAULT_PREFIX}:{reviewers}:sockets`,
      maxLen: MOST_ENTRIES,
      blockTimeInMs: BLOCK_MS,
    }) as ReviewerAdapter['adapter'],
    flushed: async () => {
      await written;
    },
    close: async () => {
      for (const reader of readers) reader.disconnect();
      await closeRedis(writer);
    },
  };
}

/**
 * The library reads from `$`, and says `$` again each time until something has come: what is written between two such
 * questions, or while the connection is lost, would be heard by nobody.
 */
function openReader(settings: RedisSettings, beginning: string): Redis {
  const reader = openRedis(settings, 'reviewers:stream', 'blocking');
  const read = reader.xread.bind(reader) as (...parts: unknown[]) => Promise<unknown>;
  const xread = async (...parts: unknown[]) => {
    try {
      return await read(...parts.map((part) => (part === '$' ? beginning : part)));
    } catch (error) {
      await sleep(PAUSE_AFTER_REFUSAL_MS, undefined, { ref: false });
      throw error;
    }
  };
  // The library does not wait for it, and would end the process where it is refused. Nothing of ours needs the channels.
  const hear = reader.subscribe.bind(reader) as (...channels: unknown[]) => Promise<unknown>;
  const subscribe = (...channels: unknown[]) => hear(...channels).catch(() => undefined);
  return Object.assign(reader, { xread, subscribe });
}

async function newestEntry(redis: Redis, stream: string): Promise<string> {
  const [newest] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1);
  return newest?.[0] ?? '0-0';
}
