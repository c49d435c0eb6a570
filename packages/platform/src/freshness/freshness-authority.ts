import { ExpactiError } from '@expacti/contracts';
import type { Clock } from '@expacti/persistence';
import { type LeaseStore, leasesOf } from './lease-store.js';

/** How long a gateway may act on what it holds without hearing from the authority. */
export const LEASE_MS = 2_000;

/** How long a change is waited for; a gateway that has not got it by then is not merely slow. */
export const SETTLED_WITHIN_MS = 30_000;

/**
 * Knows which gateways are still acting on an older version. A tightening change (a rule removed, a token revoked)
 * answers only after `settled`: by then each live gateway has the new version in force, or has lost its lease and
 * sends every command to review.
 */
export class FreshnessAuthority {
  readonly #store: LeaseStore;
  readonly #clock: Clock;

  /**
   * @param authority whose versions these are (`policy`, `identity`). Authorities share one store, and a gateway holds a
   *   lease from each: without a name of its own, one authority would take the acknowledgement of another's version for
   *   its own.
   */
  constructor(store: LeaseStore, clock: Clock, authority: string) {
    this.#store = leasesOf(store, authority);
    this.#clock = clock;
  }

  async renew(gatewayId: string): Promise<{ lease_ms: number }> {
    await this.#store.renew(gatewayId, LEASE_MS);
    return { lease_ms: LEASE_MS };
  }

  acknowledge(gatewayId: string, org: string, version: number): Promise<void> {
    return this.#store.acknowledge(gatewayId, org, version);
  }

  /**
   * Resolves when no gateway can act any more on a version of `org` before `version`. A gateway that died lets go within
   * one lease.
   *
   * Rejects with `UNAVAILABLE` when it cannot be told who still acts, or when one renews but does not acknowledge for
   * longer than a slow one takes: the change is made, but whoever asked for it must not hear that it is in force.
   */
  async settled(org: string, version: number): Promise<void> {
    // Only gateways that held a lease when the change was made can lag; one that comes later reads the new version, and
    // so does one that comes back after a lapse: it forgets what it knew before it acts again.
    const giveUpAt = this.#clock.elapsed() + SETTLED_WITHIN_MS;
    let lagging = await this.#store.lagging(org, version);
    while (lagging.length > 0) {
      if (this.#clock.elapsed() >= giveUpAt)
        throw new ExpactiError(
          'UNAVAILABLE',
          'The change is made, but a gateway has not said that it is in force there.',
        );
      await this.#nextChange();
      const still = new Set(await this.#store.lagging(org, version));
      lagging = lagging.filter((gatewayId) => still.has(gatewayId));
    }
  }

  /** An acknowledgement, or a moment: a lease may have lapsed. */
  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        stopListening();
        cancelTimer();
        resolve();
      };
      const stopListening = this.#store.onAcknowledged(finish);
      const cancelTimer = this.#clock.schedule(100, finish);
    });
  }
}
