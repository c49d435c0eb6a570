/**
 * Where an authority keeps the leases that it gave. Every moment in it is the store's own: replicas of an authority whose
 * clocks differ must not disagree on who still holds a lease.
 *
 * Whatever cannot be told (the store is away) rejects with `UNAVAILABLE`; it never reads like "nobody holds a lease".
 */
export interface LeaseStore {
  /** Gives the gateway a lease from now on, or prolongs the one that it holds. */
  renew(gatewayId: string, leaseMs: number): Promise<void>;
  /** Remembers the highest version of the org that the gateway has in force. A gateway without a lease is not remembered. */
  acknowledge(gatewayId: string, org: string, version: number): Promise<void>;
  /** Gateways whose lease has not lapsed and that have not acknowledged this version of the org, or a later one. */
  lagging(org: string, version: number): Promise<string[]>;
  /**
   * Calls back after an acknowledgement, also one that another replica took. A hint: it may be missed. Returns what ends it.
   */
  onAcknowledged(listener: () => void): () => void;
}

/** The part of a shared store that belongs to one authority; the others' leases are invisible through it. */
export function leasesOf(store: LeaseStore, authority: string): LeaseStore {
  const prefix = `${authority}/`;
  return {
    renew: (gatewayId, leaseMs) => store.renew(prefix + gatewayId, leaseMs),
    acknowledge: (gatewayId, org, version) => store.acknowledge(prefix + gatewayId, org, version),
    async lagging(org, version) {
      const lagging = await store.lagging(org, version);
      return lagging.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
    },
    onAcknowledged: (listener) => store.onAcknowledged(listener),
  };
}
