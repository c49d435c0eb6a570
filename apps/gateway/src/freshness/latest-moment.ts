import type { Clock } from '@expacti/platform';

/**
 * A wall clock that never goes back, for asking whether something has expired: an hour that is given back by whoever sets
 * the machine's clock brings no rule and no token back to life. A clock that was wrongly ahead and is set right leaves this
 * one ahead until the process restarts; things then expire too early, which is the safe side.
 */
export class LatestMoment {
  #latest: number;
  /** By `elapsed`. */
  #seenAt: number;

  constructor(private readonly clock: Clock) {
    this.#latest = clock.now();
    this.#seenAt = clock.elapsed();
  }

  /** Milliseconds since the epoch: what the clock says, or what it said before plus the time that has gone by. */
  now(): number {
    const elapsed = this.clock.elapsed();
    this.#latest = Math.max(this.clock.now(), this.#latest + (elapsed - this.#seenAt));
    this.#seenAt = elapsed;
    return this.#latest;
  }
}
