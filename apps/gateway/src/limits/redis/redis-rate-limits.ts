import { once } from 'node:events';
import type { Clock } from '@expacti/platform';
import { closeRedis, DEFAULT_PREFIX, openRedis, type RedisSettings } from '@expacti/redis';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Bucket, RateLimits, Window } from '../rate-limits.js';
import { waitFor } from '../wait-for.js';
import { defineTakeTokens } from './take-tokens.js';
import { TokenSlices } from './token-slices.js';

/** How long a caller may be kept for the sake of counting; then each gateway counts for itself. */
const PATIENCE_MS = 250;

/** Counts that gateways share in Redis. */
export class RedisRateLimits implements RateLimits {
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor(
    settings: RedisSettings,
    private readonly clock: Pick<Clock, 'elapsed'>,
  ) {
    this.#redis = openRedis(settings, 'limits', 'commands', { commandTimeout: PATIENCE_MS });
    this.#prefix = `${settings.prefix ?? DEFAULT_PREFIX}:limits`;
    defineTakeTokens(this.#redis);
  }

  window(name: string, perSecond: number): Window {
    const limiter = new RateLimiterRedis({
      storeClient: this.#redis,
      keyPrefix: `${this.#prefix}:${name}`,
      points: perSecond,
      duration: 1,
      // Whoever is over the limit is refused from memory until the second is over.
      inMemoryBlockOnConsumed: perSecond + 1,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points: perSecond, duration: 1 }),
    });
    return { take: (key) => waitFor(limiter, key) };
  }

  bucket(name: string, perSecond: number, capacity: number): Bucket {
    const takeTokens = (key: string, wanted: number, owed: number) =>
      this.#redis.expactiTakeTokens(`${this.#prefix}:${name}:${key}`, perSecond, capacity, wanted, owed);
    return new TokenSlices(takeTokens, this.clock, perSecond, capacity);
  }

  /** Resolves as soon as counts are shared; until then each gateway counts for itself. */
  async connected(): Promise<void> {
    if (this.#redis.status !== 'ready') await once(this.#redis, 'ready');
  }

  close(): Promise<void> {
    return closeRedis(this.#redis);
  }
}
