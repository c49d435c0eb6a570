import type { Clock } from '@expacti/platform';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Bucket, RateLimits, Window } from './rate-limits.js';
import { TokenBuckets } from './token-buckets.js';
import { waitFor } from './wait-for.js';

/** For a composition with one gateway. */
export class InProcessRateLimits implements RateLimits {
  constructor(private readonly clock: Pick<Clock, 'elapsed'>) {}

  window(name: string, perSecond: number): Window {
    const limiter = new RateLimiterMemory({ keyPrefix: name, points: perSecond, duration: 1 });
    return { take: (key) => waitFor(limiter, key) };
  }

  bucket(_name: string, perSecond: number, capacity: number): Bucket {
    const buckets = new TokenBuckets(perSecond, capacity);
    return { take: (key) => buckets.take(key, this.clock.elapsed()) };
  }

  async close(): Promise<void> {}
}
