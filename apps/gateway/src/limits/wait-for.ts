import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Wait } from './rate-limits.js';

/** What the library throws to say "too often", as a number. */
export async function waitFor(limiter: RateLimiterAbstract, key: string): Promise<Wait> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, refusal.msBeforeNext);
  }
}
