import type { Redis } from 'ioredis';

/** How long an estimate is good for: clocks run at slightly different speeds. */
const GOOD_FOR_MS = 10_000;

/** The clock of the Redis server as seen from here: what all processes agree on. */
export class ServerTime {
  readonly #redis: Redis;
  /** What to add to `performance.now()`. */
  #offset = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /**
   * Milliseconds since the Unix epoch; late by no more than the question was under way. A server that does not answer now
   * is believed to go on from what it said last, and one that never did to be at the beginning of time.
   */
  async now(): Promise<number> {
    if (performance.now() - this.#measuredAt > GOOD_FOR_MS) await this.#measure().catch(() => undefined);
    return performance.now() + this.#offset;
  }

  async #measure(): Promise<void> {
    const askedAt = performance.now();
    const [seconds, microseconds] = await this.#redis.time();
    // As if the answer had taken no time on its way back: early rather than late, so that nothing expires too soon.
    this.#offset = Number(seconds) * 1_000 + Number(microseconds) / 1_000 - performance.now();
    this.#measuredAt = askedAt;
  }
}
