import { HINTS, type HintPayload } from '@expacti/contracts';
import type { Bus, BusEvent, Subscription } from '@expacti/messaging';
import { BUS, CLOCK, type Clock, LOGGER, type Logger, parseFact, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { AgentSocketServer } from './agent-socket/agent-socket-server.js';
import { Credentials } from './auth/credentials.js';
import { DecisionWaiters } from './commands/decision-waiters.js';
import { Acknowledgements } from './freshness/acknowledgements.js';
import { OrgSettings } from './freshness/org-settings.js';
import { RuleSnapshots } from './freshness/rule-snapshots.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from './gateway-options.js';
import { ReviewerSocketServer } from './reviewer-socket/reviewer-socket-server.js';

/**
 * Carries to this process what every process has to hear: what ends or changes somebody's standing here, what changes the
 * rules in memory, and the decisions that agents wait for here. One org's change that takes its time holds up no other
 * news: what a change ends is over at once, the rest of it runs beside the feed.
 */
@Injectable()
export class LiveFeed {
  #subscription: Subscription | undefined;
  readonly #acknowledgements: Acknowledgements;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(RPC_CLIENT) rpc: RpcClient,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(GATEWAY_OPTIONS) { gatewayId }: GatewayOptions,
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(OrgSettings) private readonly settings: OrgSettings,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(DecisionWaiters) private readonly waiters: DecisionWaiters,
    @Inject(AgentSocketServer) private readonly agents: AgentSocketServer,
    @Inject(ReviewerSocketServer) private readonly reviewers: ReviewerSocketServer,
  ) {
    this.#acknowledgements = new Acknowledgements('identity.acknowledge', gatewayId, rpc, clock, logger);
  }

  async start(): Promise<void> {
    const types = [...Object.keys(HINTS), 'approval.updated', 'approval.closed'];
    this.#subscription = await this.bus.subscribeEphemeral({ types, handler: (event) => this.#deliver(event) });
  }

  /** What a change still has to do here is not waited for: the leases end with the process, and it ends by itself. */
  async stop(): Promise<void> {
    await this.#subscription?.close();
    this.snapshots.stop();
    this.#acknowledgements.stop();
  }

  async #deliver(event: BusEvent): Promise<void> {
    switch (event.type) {
      case 'policy.changed':
        void this.snapshots.onChanged(HINTS['policy.changed'].parse(event.payload));
        return;
      case 'identity.changed':
        this.#identityChanged(HINTS['identity.changed'].parse(event.payload));
        return;
      case 'approval.updated':
        return this.waiters.updated(parseFact<'approval.updated'>(event).payload.data.approval);
      case 'approval.closed':
        return this.waiters.closed(parseFact<'approval.closed'>(event).payload.data);
    }
  }

  /** Everything that rested on the old standing is over before the change is acknowledged, most of it when this returns. */
  #identityChanged(change: HintPayload<'identity.changed'>): void {
    this.credentials.forget(change);
    this.settings.forget(change);
    this.agents.identityChanged(change);
    this.reviewers.identityChanged(change);
    void this.#acknowledge(change);
  }

  async #acknowledge({ org, version }: HintPayload<'identity.changed'>): Promise<void> {
    await this.snapshots.settingsChanged(org);
    await this.snapshots.inFlight.drained();
    await this.#acknowledgements.give(org, version);
  }
}
