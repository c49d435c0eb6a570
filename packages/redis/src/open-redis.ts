import { Redis } from 'ioredis';
import { ImpatientRedis, type ReadableOptions } from './impatient-redis.js';

/** What a composition root says about its Redis. */
export interface RedisSettings {
  /** `redis://user:password@host:6379/0`, or `rediss://…` for TLS. */
  readonly url: string;
  /** Begins every key, so that several installations may share one server. Default `expacti`. */
  readonly prefix?: string;
  /** Told of lost connections. ioredis comes back by itself; whoever waits meanwhile gets an error in time. */
  readonly report?: (trouble: RedisTrouble) => void;
}

export interface RedisTrouble {
  readonly kind: 'redis_connection';
  /** Which of the process's connections. */
  readonly name: string;
  readonly error: unknown;
}

/**
 * - `commands`: answers in time or rejects (`COMMAND_TIMEOUT_MS`). Everything that somebody waits for.
 * - `blocking`: waits at the server for something to read; never times out by itself.
 */
export type ConnectionKind = 'commands' | 'blocking';

export const DEFAULT_PREFIX = 'expacti';

/** No command is waited for longer: a server that stands still must read as an error, never as silence. */
export const COMMAND_TIMEOUT_MS = 4_000;

const CONNECT_TIMEOUT_MS = 3_000;
const LONGEST_RECONNECT_PAUSE_MS = 500;

/**
 * Opens one connection; several processes' connections are told apart by `name` in `CLIENT LIST`. Does not wait for the
 * server: commands queue up to their timeout while it is away, so services start in any order. Once it has been away for
 * that long, a `commands` connection refuses at once (`RedisAway`) until it is back.
 */
export function openRedis(
  { url, report }: RedisSettings,
  name: string,
  kind: ConnectionKind = 'commands',
  extra: ReadableOptions = {},
): Redis {
  const options: ReadableOptions = {
    connectionName: name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    noDelay: true,
    // Bounded by time, not by the number of reconnections: a restart of the server is then only a delay.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(25 * attempt, LONGEST_RECONNECT_PAUSE_MS),
    ...(kind === 'commands' ? { commandTimeout: COMMAND_TIMEOUT_MS } : {}),
    ...extra,
  };
  const redis = kind === 'commands' ? new ImpatientRedis(url, options, COMMAND_TIMEOUT_MS) : new Redis(url, options);
  // Without a listener a lost connection would end the process.
  redis.on('error', (error) => report?.({ kind: 'redis_connection', name, error }));
  // A server that ends a connection in good order is no error to ioredis, but whoever waited was not answered.
  let wasReady = false;
  redis.on('ready', () => {
    wasReady = true;
  });
  redis.on('reconnecting', () => {
    if (wasReady) report?.({ kind: 'redis_connection', name, error: new Error('the connection was lost') });
    wasReady = false;
  });
  return redis;
}

/** Ends a connection, whatever state it is in. Commands under way may still be answered for a moment. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status === 'end') return;
  if (redis.status !== 'ready') {
    redis.disconnect();
    return;
  }
  const ended = new Promise<void>((resolve) => redis.once('end', () => resolve()));
  redis.quit().catch(() => redis.disconnect());
  await ended;
}
