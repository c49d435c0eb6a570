import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, DATABASE, FreshnessAuthority, RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { readSnapshot } from '../application/read-snapshot.js';

/** What gateways ask: the rules of an org, and the lease to act on them. */
@Controller()
export class SnapshotController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(FreshnessAuthority) private readonly freshness: FreshnessAuthority,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @RpcHandler('policy.snapshot')
  snapshot({ org, since }: RpcHandled<'policy.snapshot'>): Promise<RpcResponse<'policy.snapshot'>> {
    return readSnapshot(this.database, org, since, this.clock.now());
  }

  @RpcHandler('policy.renew_lease')
  renewLease({ gateway_id }: RpcHandled<'policy.renew_lease'>): Promise<RpcResponse<'policy.renew_lease'>> {
    return this.freshness.renew(gateway_id);
  }

  @RpcHandler('policy.acknowledge')
  async acknowledge({
    gateway_id,
    org,
    version,
  }: RpcHandled<'policy.acknowledge'>): Promise<RpcResponse<'policy.acknowledge'>> {
    await this.freshness.acknowledge(gateway_id, org, version);
    return {};
  }
}
