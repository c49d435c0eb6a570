import type { AgentPrincipal, Principal, Rule } from '@expacti/contracts';
import { RedisRpc, RedisStreamsBus } from '@expacti/messaging';
import { newId } from '@expacti/persistence';
import {
  BUS,
  createRpcClient,
  FreshnessAuthority,
  hint,
  RedisLeaseStore,
  RPC_CLIENT,
  systemClock,
  timestamp,
} from '@expacti/platform';
import type { RedisServer } from '@expacti/testkit';
import { openRedisReviewerAdapter, RATE_LIMITS, REVIEWER_ADAPTER, RedisRateLimits } from '../src/index.js';
import { Authorities } from './authorities.js';
import { approval, ORG, record } from './fixtures.js';
import { GatewayApp } from './gateway-app.js';

/** One process of the services behind the gateways: real leases, bus and RPC; what it answers otherwise the rig says. */
export interface AuthorityReplica {
  readonly policy: FreshnessAuthority;
  readonly identity: FreshnessAuthority;
  readonly bus: RedisStreamsBus;
}

/** Gateways and authorities in two replicas each, over one real Redis. */
export class ReplicatedRig {
  readonly gateways: GatewayApp[] = [];
  readonly authorities: AuthorityReplica[] = [];
  readonly principals = new Map<string, Principal>();
  rules: Rule[] = [];
  version = 1;
  readonly #closing: (() => Promise<void>)[] = [];

  private constructor(private readonly redis: RedisServer) {}

  static async start(redis: RedisServer): Promise<ReplicatedRig> {
    const rig = new ReplicatedRig(redis);
    for (const _replica of [1, 2]) rig.#startAuthority();
    for (const _replica of [1, 2]) await rig.#startGateway();
    return rig;
  }

  /** Changes the rules through one replica of the authority, and says when the change is in force everywhere. */
  async changeRules(replica: number, rules: Rule[]): Promise<void> {
    const authority = this.authorities[replica];
    if (!authority) throw new Error('there is no such replica');
    this.version += 1;
    this.rules = rules;
    const change = { org: ORG, version: this.version };
    await authority.bus.publish([hint('policy.changed', ORG, systemClock.now(), change)]);
    await authority.policy.settled(ORG, this.version);
  }

  async stop(): Promise<void> {
    for (const gateway of this.gateways) await gateway.close();
    for (const close of this.#closing.reverse()) await close();
    for (const gateway of this.gateways) await gateway.remove();
  }

  #startAuthority(): void {
    const settings = { url: this.redis.url };
    const rpc = new RedisRpc({ settings });
    const bus = new RedisStreamsBus({ settings });
    const store = new RedisLeaseStore({ settings });
    this.#closing.push(
      () => rpc.close(),
      () => bus.close(),
      () => store.close(),
    );
    const [policy, identity] = ['policy', 'identity'].map(
      (name) => new FreshnessAuthority(store, systemClock, name),
    ) as [FreshnessAuthority, FreshnessAuthority];
    this.authorities.push({ policy, identity, bus });
    const answers = new Authorities(rpc);
    answers.answer('policy.renew_lease', ({ gateway_id }) => policy.renew(gateway_id));
    answers.answer('identity.renew_lease', ({ gateway_id }) => identity.renew(gateway_id));
    answers.answer('policy.acknowledge', async ({ gateway_id, org, version }) => {
      await policy.acknowledge(gateway_id, org, version);
      return {};
    });
    answers.answer('identity.authenticate', ({ credential }) => ({
      principal: this.principals.get(credential) ?? null,
      expires_at: null,
    }));
    answers.answer('policy.snapshot', ({ org }) => ({
      ...{ type: 'full' as const, org, version: this.version, targets: [], policies: [] },
      rules: this.rules,
    }));
    answers.answer('approvals.submit', ({ principal, held: { text, command_id } }) =>
      pending(principal, text, command_id),
    );
    answers.answer('sessions.start', ({ principal, name, target, labels, client }) => ({
      ...{ id: newId('ses'), name, target, labels, client, ended_at: null },
      agent: { id: principal.id, name: principal.name },
      started_at: timestamp(systemClock.now()),
    }));
  }

  async #startGateway(): Promise<void> {
    const settings = { url: this.redis.url };
    const rpc = new RedisRpc({ settings });
    const bus = new RedisStreamsBus({ settings });
    this.#closing.push(
      () => bus.close(),
      () => rpc.close(),
    );
    const adapters = new Map<symbol, unknown>([
      [BUS, bus],
      [RPC_CLIENT, createRpcClient(rpc)],
      [REVIEWER_ADAPTER, await openRedisReviewerAdapter(settings)],
      [RATE_LIMITS, new RedisRateLimits(settings, systemClock)],
    ]);
    this.gateways.push(await GatewayApp.start({ gatewayId: newId('gwy') }, adapters));
  }
}

function pending(by: AgentPrincipal, text: string, id: string) {
  const kept = record(by, text, { id });
  const request = approval({ command: text, command_id: id, agent: kept.agent });
  const { deadline_at, requirement, id: approval_id } = request;
  const command = { ...kept, approval_id, status: 'pending' as const, deadline_at, requirement };
  return {
    command: { ...command, decision: null, started_at: null, result: null },
    approval: request,
    repeated: false,
  };
}
