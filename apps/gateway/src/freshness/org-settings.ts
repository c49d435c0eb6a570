import type { HintPayload, Org } from '@expacti/contracts';
import { CLOCK, type Clock, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { IdentityLease } from './leases.js';

const LONGEST_BELIEF_MS = 60_000;

/** Each org's settings, believed while the identity lease holds. */
@Injectable()
export class OrgSettings {
  /** `readAt` by `elapsed`: a wall clock that is set back must not make old news young. */
  readonly #orgs = new Map<string, { org: Org; readAt: number }>();
  #generation = 0;

  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IdentityLease) private readonly lease: IdentityLease,
  ) {
    lease.onNewStretch(() => {
      this.#generation += 1;
      this.#orgs.clear();
    });
  }

  async get(id: string): Promise<Org> {
    const held = this.#orgs.get(id);
    if (held && this.lease.holds() && this.clock.elapsed() - held.readAt < LONGEST_BELIEF_MS) return held.org;
    const generation = this.#generation;
    const readAt = this.clock.elapsed();
    const org = await this.rpc.ask('identity.org', { org: id });
    if (generation === this.#generation) this.#orgs.set(id, { org, readAt });
    return org;
  }

  forget({ org }: HintPayload<'identity.changed'>): void {
    this.#generation += 1;
    this.#orgs.delete(org);
  }
}
