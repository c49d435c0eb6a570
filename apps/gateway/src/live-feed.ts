import { EVENTS, HINTS, type HintPayload, type ReviewerEventName } from '@expacti/contracts';
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
import { cursorAt } from './reviewer-socket/stream-cursor.js';

type Area = 'rules' | 'targets' | 'agents' | 'org' | 'users';

/** Which lists of the dashboard an event makes stale, by the first part of its type. */
const AREAS: Record<string, Area> = {
  rule: 'rules',
  rules: 'rules',
  suggestion: 'rules',
  target: 'targets',
  target_group: 'targets',
  agent: 'agents',
  token: 'agents',
  org: 'org',
  user: 'users',
};

/** Carries what happened anywhere to the sockets of this process: agents that wait, reviewers that watch. */
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
    const types = [...Object.keys(HINTS), ...Object.keys(EVENTS).filter((type) => !type.startsWith('command.'))];
    this.#subscription = await this.bus.subscribeEphemeral({ types, handler: (event) => this.#deliver(event) });
  }

  async stop(): Promise<void> {
    await this.#subscription?.close();
  }

  async #deliver(event: BusEvent): Promise<void> {
    const cursor = cursorAt(Date.parse(event.at));
    switch (event.type) {
      case 'policy.changed':
        return this.snapshots.onChanged(HINTS['policy.changed'].parse(event.payload));
      case 'identity.changed':
        return this.#identityChanged(HINTS['identity.changed'].parse(event.payload));
      case 'approval.requested': {
        const { approval } = parseFact<'approval.requested'>(event).payload.data;
        return this.reviewers.publish(event.org, 'approval.requested', { approval, cursor });
      }
      case 'approval.updated': {
        const { approval } = parseFact<'approval.updated'>(event).payload.data;
        this.waiters.updated(approval);
        return this.reviewers.publish(event.org, 'approval.updated', { approval, cursor });
      }
      case 'approval.closed': {
        const closed = parseFact<'approval.closed'>(event).payload.data;
        this.waiters.closed(closed);
        return this.reviewers.publish(event.org, 'approval.closed', { approval: closed.approval, cursor });
      }
      case 'session.started': {
        const { session } = parseFact<'session.started'>(event).payload.data;
        return this.reviewers.publish(event.org, 'session.started', { session });
      }
      case 'session.ended': {
        const { session_id } = parseFact<'session.ended'>(event).payload.data;
        return this.reviewers.publish(event.org, 'session.ended', { session_id });
      }
      default: {
        const area = AREAS[event.type.split('.')[0] ?? ''];
        const name: ReviewerEventName = 'changed';
        if (area) this.reviewers.publish(event.org, name, { area });
      }
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
