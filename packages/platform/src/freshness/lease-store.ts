/** What is known of one gateway process that holds a lease. */
export interface Lease {
  gatewayId: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** The newest version that it said to have in force, by org. */
  acknowledged: ReadonlyMap<string, number>;
}

/** Where an authority keeps the leases that it gave. In-process here; shared by the replicas of an authority elsewhere. */
export interface LeaseStore {
  renew(gatewayId: string, expiresAt: number): Promise<void>;
  /** Remembers the highest version. A gateway without a lease is not remembered. */
  acknowledge(gatewayId: string, org: string, version: number): Promise<void>;
  /** Gateways whose lease has not lapsed at `now`. */
  live(now: number): Promise<Lease[]>;
  /** Calls back after each acknowledgement. Returns what ends it. */
  onAcknowledged(listener: () => void): () => void;
}

/** The part of a shared store that belongs to one authority; the others' leases are invisible through it. */
export function leasesOf(store: LeaseStore, authority: string): LeaseStore {
  const prefix = `${authority}/`;
  return {
    renew: (gatewayId, expiresAt) => store.renew(prefix + gatewayId, expiresAt),
    acknowledge: (gatewayId, org, version) => store.acknowledge(prefix + gatewayId, org, version),
    async live(now) {
      const leases = await store.live(now);
      return leases
        .filter((lease) => lease.gatewayId.startsWith(prefix))
        .map((lease) => ({ ...lease, gatewayId: lease.gatewayId.slice(prefix.length) }));
    },
    onAcknowledged: (listener) => store.onAcknowledged(listener),
  };
}

/** For a composition in which the authority has one process. */
export class InProcessLeaseStore implements LeaseStore {
  readonly #leases = new Map<string, { expiresAt: number; acknowledged: Map<string, number> }>();
  readonly #listeners = new Set<() => void>();

  async renew(gatewayId: string, expiresAt: number): Promise<void> {
    const lease = this.#leases.get(gatewayId);
    if (lease) lease.expiresAt = expiresAt;
    else this.#leases.set(gatewayId, { expiresAt, acknowledged: new Map() });
  }

  async acknowledge(gatewayId: string, org: string, version: number): Promise<void> {
    const acknowledged = this.#leases.get(gatewayId)?.acknowledged;
    if (!acknowledged || (acknowledged.get(org) ?? -1) >= version) return;
    acknowledged.set(org, version);
    for (const listener of this.#listeners) listener();
  }

  async live(now: number): Promise<Lease[]> {
    for (const [gatewayId, lease] of this.#leases) if (lease.expiresAt <= now) this.#leases.delete(gatewayId);
    return [...this.#leases].map(([gatewayId, lease]) => ({ gatewayId, ...lease }));
  }

  onAcknowledged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
