import { LRUCache } from 'lru-cache';

/** Callers remembered at once. One that was forgotten was quiet for long and begins with a full bucket again. */
const MOST_CALLERS = 10_000;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** A steady rate with a burst above it, per caller. It stands before each decision, so nothing here waits or sets timers. */
export class TokenBuckets {
  readonly #buckets = new LRUCache<string, Bucket>({ max: MOST_CALLERS });

  constructor(
    private readonly perSecond: number,
    private readonly capacity: number,
  ) {}

  /**
   * Takes one token. Returns 0, or in how many milliseconds there will be one.
   * @param now milliseconds of a clock that never goes back
   */
  take(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? this.#fill(key, now);
    bucket.tokens = Math.min(this.capacity, bucket.tokens + ((now - bucket.filledAt) / 1_000) * this.perSecond);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / this.perSecond) * 1_000;
    bucket.tokens -= 1;
    return 0;
  }

  #fill(key: string, now: number): Bucket {
    const bucket = { tokens: this.capacity, filledAt: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
