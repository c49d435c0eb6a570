/** In how many milliseconds to come back; 0 where the caller may go on. */
export type Wait = number;

/** At most so many in each second and for each caller. */
export interface Window {
  take(key: string): Promise<Wait>;
}

/** A steady rate with a burst above it, for each caller. It stands on the hot path. */
export interface Bucket {
  /** Answers at once whenever it can, and never asks anybody while it has something to give. */
  take(key: string): Wait | Promise<Wait>;
}

/**
 * Counts what callers do. Where several gateways share it, a caller has one limit at all of them together; whatever is in
 * the way of that (Redis is away), each of them still limits by itself.
 */
export interface RateLimits {
  /** @param name tells this count from others; the same on every gateway */
  window(name: string, perSecond: number): Window;
  bucket(name: string, perSecond: number, capacity: number): Bucket;
  close(): Promise<void>;
}

export const RATE_LIMITS = Symbol('expacti.rate-limits');
