/** What is remembered of failed attempts under one key. */
export interface Attempts {
  failures: number;
  /** Milliseconds since the epoch. */
  lastAt: number;
}

/** So many failures are free; each further one doubles the wait before the next attempt, up to a longest wait. */
export interface ThrottleRule {
  free: number;
  firstWaitMs: number;
  longestWaitMs: number;
  /** Without a failure for this long, everything is forgotten. */
  forgetMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const THROTTLE_RULES = {
  /** One address guessing at one account. Strict: it stops nobody else. */
  pair: { free: 5, firstWaitMs: 30 * SECOND, longestWaitMs: 15 * MINUTE, forgetMs: 24 * HOUR },
  /**
   * All addresses together guessing at one account. Mild, because a stranger can bring it about: the waits stay short, and
   * an address from which this account signed in before does not wait at all.
   */
  account: { free: 20, firstWaitMs: SECOND, longestWaitMs: MINUTE, forgetMs: HOUR },
  /** One address trying many accounts. */
  address: { free: 50, firstWaitMs: 5 * SECOND, longestWaitMs: 5 * MINUTE, forgetMs: HOUR },
} as const satisfies Record<string, ThrottleRule>;

/** The longest that any rule remembers. */
export const FORGET_ALL_MS = Math.max(...Object.values(THROTTLE_RULES).map((rule) => rule.forgetMs));

/** Milliseconds until the next attempt may be made; 0 when it may be made now. */
export function waitMs(rule: ThrottleRule, attempts: Attempts | null, now: number): number {
  if (attempts === null || isForgotten(rule, attempts, now) || attempts.failures < rule.free) return 0;
  const doublings = Math.min(attempts.failures - rule.free, 30);
  const wait = Math.min(rule.firstWaitMs * 2 ** doublings, rule.longestWaitMs);
  // A clock that was set back must not make anybody wait longer than the longest wait.
  return Math.min(Math.max(0, attempts.lastAt + wait - now), rule.longestWaitMs);
}

/** Counts an attempt as failed, which it is until it turns out otherwise. */
export function afterFailure(rule: ThrottleRule, attempts: Attempts | null, now: number): Attempts {
  const failures = attempts === null || isForgotten(rule, attempts, now) ? 0 : attempts.failures;
  return { failures: failures + 1, lastAt: now };
}

const isForgotten = (rule: ThrottleRule, attempts: Attempts, now: number) => now - attempts.lastAt > rule.forgetMs;
