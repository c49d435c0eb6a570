import type { BusEvent } from '@expacti/messaging';
import { appendToOutbox, type Clock, type Database } from '@expacti/persistence';
import type { FreshnessAuthority } from '@expacti/platform';
import { hint } from '@expacti/platform';
import type { EntityManager } from 'typeorm';
import type { Tendency } from '../domain/tendency.js';
import type { OrgRow } from '../storage/org-row.js';
import { nextVersion } from '../storage/org-state.js';

/** What a change is made with. */
export interface ChangeTools {
  manager: EntityManager;
  /** The org as it was before, but with the version that this change makes. */
  orgRow: OrgRow;
  version: number;
  now: number;
}

export interface Change<T> {
  result: T;
  /** What happened, for the bus. */
  facts: BusEvent[];
  tendency: Tendency;
}

/** How long a change that loosens waits for the gateways at most: long enough for healthy ones. */
const LOOSENING_PATIENCE_MS = 500;

/**
 * The one way to change what judging depends on (rules, targets, groups): state, the org's new version, facts and the
 * hint to the gateways commit together; the answer comes when the change is in force.
 */
export class PolicyChanges {
  readonly #database: Database;
  readonly #freshness: FreshnessAuthority;
  readonly #clock: Clock;

  constructor(database: Database, freshness: FreshnessAuthority, clock: Clock) {
    this.#database = database;
    this.#freshness = freshness;
    this.#clock = clock;
  }

  /** Runs `work` in one transaction and resolves once the gateways know. What `work` throws undoes everything. */
  async make<T>(org: string, work: (tools: ChangeTools) => Promise<Change<T>>): Promise<T> {
    const { change, version } = await this.#database.transaction((manager) => this.within(manager, org, work));
    await this.settle(org, version, change.tendency);
    return change.result;
  }

  /** The same inside a transaction that is open already; `settle` after its commit. */
  async within<T>(
    manager: EntityManager,
    org: string,
    work: (tools: ChangeTools) => Promise<Change<T>>,
  ): Promise<{ change: Change<T>; version: number }> {
    const now = this.#clock.now();
    const orgRow = await nextVersion(manager, org);
    const { version } = orgRow;
    const change = await work({ manager, orgRow, version, now });
    await appendToOutbox(manager, [...change.facts, hint('policy.changed', org, now, { org, version })]);
    return { change, version };
  }

  /** A tightening change waits until no gateway can act on what was before; a loosening one only a moment. */
  async settle(org: string, version: number, tendency: Tendency): Promise<void> {
    const settled = this.#freshness.settled(org, version);
    if (tendency === 'tightens') return settled;
    let cancel: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#clock.schedule(LOOSENING_PATIENCE_MS, resolve);
    });
    // The change is kept and harmless where it has not arrived: trouble with the leases is no reason to call it failed.
    await Promise.race([settled.catch(() => undefined), patience]);
    cancel();
  }
}
