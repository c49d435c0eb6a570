import type { Clock } from '../time.js';
import type { LeaseStore } from './lease-store.js';

interface Lease {
  /** By the clock's `elapsed`: setting the wall clock must not end a lease that its gateway still believes in. */
  expiresAt: number;
  /** By org. */
  readonly acknowledged: Map<string, number>;
}

/** For a composition in which the authority has one process. */
export class InProcessLeaseStore implements LeaseStore {
  readonly #leases = new Map<string, Lease>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  async renew(gatewayId: string, leaseMs: number): Promise<void> {
    const expiresAt = this.clock.elapsed() + leaseMs;
    const lease = this.#live(gatewayId);
    if (lease) lease.expiresAt = expiresAt;
    else this.#leases.set(gatewayId, { expiresAt, acknowledged: new Map() });
  }

  async acknowledge(gatewayId: string, org: string, version: number): Promise<void> {
    const acknowledged = this.#live(gatewayId)?.acknowledged;
    if (!acknowledged || (acknowledged.get(org) ?? -1) >= version) return;
    acknowledged.set(org, version);
    for (const listener of this.#listeners) listener();
  }

  async lagging(org: string, version: number): Promise<string[]> {
    return [...this.#leases.keys()].filter((gatewayId) => {
      const lease = this.#live(gatewayId);
      return lease !== undefined && (lease.acknowledged.get(org) ?? -1) < version;
    });
  }

  onAcknowledged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The lease, unless it has lapsed: then it is forgotten with all that was acknowledged under it. */
  #live(gatewayId: string): Lease | undefined {
    const lease = this.#leases.get(gatewayId);
    if (lease && lease.expiresAt > this.clock.elapsed()) return lease;
    this.#leases.delete(gatewayId);
    return undefined;
  }
}
