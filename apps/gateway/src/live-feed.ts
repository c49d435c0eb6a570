import { HINTS, type HintPayload } from '@expacti/contracts';
import type { Bus, BusEvent, Subscription } from '@expacti/messaging';
import { BUS, LOGGER, type Logger, parseFact, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { AgentSocketServer } from './agent-socket/agent-socket-server.js';
import { Credentials } from './auth/credentials.js';
import { DecisionWaiters } from './commands/decision-waiters.js';
import { OrgSettings } from './freshness/org-settings.js';
import { RuleSnapshots } from './freshness/rule-snapshots.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from './gateway-options.js';
import { ReviewerSocketServer } from './reviewer-socket/reviewer-socket-server.js';

/**
 * Carries to this process what every process has to hear: what ends or changes somebody's standing here, what changes the
 * rules in memory, and the decisions that agents wait for here.
 */
@Injectable()
export class LiveFeed {
  #subscription: Subscription | undefined;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(OrgSettings) private readonly settings: OrgSettings,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(DecisionWaiters) private readonly waiters: DecisionWaiters,
    @Inject(AgentSocketServer) private readonly agents: AgentSocketServer,
    @Inject(ReviewerSocketServer) private readonly reviewers: ReviewerSocketServer,
  ) {}

  async start(): Promise<void> {
    const types = [...Object.keys(HINTS), 'approval.updated', 'approval.closed'];
    this.#subscription = await this.bus.subscribeEphemeral({ types, handler: (event) => this.#deliver(event) });
  }

  async stop(): Promise<void> {
    await this.#subscription?.close();
  }

  async #deliver(event: BusEvent): Promise<void> {
    switch (event.type) {
      case 'policy.changed':
        return this.snapshots.onChanged(HINTS['policy.changed'].parse(event.payload));
      case 'identity.changed':
        return this.#identityChanged(HINTS['identity.changed'].parse(event.payload));
      case 'approval.updated':
        return this.waiters.updated(parseFact<'approval.updated'>(event).payload.data.approval);
      case 'approval.closed':
        return this.waiters.closed(parseFact<'approval.closed'>(event).payload.data);
    }
  }

  /** Everything that rested on the old standing is over before the change is acknowledged. */
  async #identityChanged(change: HintPayload<'identity.changed'>): Promise<void> {
    this.credentials.forget(change);
    this.settings.forget(change);
    this.agents.identityChanged(change);
    this.reviewers.identityChanged(change);
    try {
      await this.snapshots.settingsChanged(change.org);
      await this.snapshots.inFlight.drained();
      const { org, version } = change;
      await this.rpc.ask('identity.acknowledge', { gateway_id: this.options.gatewayId, org, version });
    } catch (error) {
      this.logger.error({ err: error, org: change.org }, 'a change of identities could not be acknowledged');
    }
  }
}
