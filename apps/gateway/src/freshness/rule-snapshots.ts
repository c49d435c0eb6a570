import type { HintPayload, RpcResponse } from '@expacti/contracts';
import { LOGGER, type Logger, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { type ApprovalPolicy, createSnapshot, type Rule as EngineRule, type Snapshot } from '@expacti/policy-engine';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { InFlight } from './in-flight.js';

type Delivered = RpcResponse<'policy.snapshot'>;
type WireRule = Extract<Delivered, { type: 'full' }>['rules'][number];
export type SnapshotTarget = Delivered['targets'][number];

/** An org's rules, compiled, and the facts about its targets. Immutable: a change makes a new one. */
export interface OrgRules {
  version: number;
  snapshot: Snapshot;
  targets: readonly SnapshotTarget[];
  policies: readonly ApprovalPolicy[];
}

/**
 * The rules of each org that was asked for here, in memory. A `policy.changed` hint fetches the difference, swaps one
 * reference, waits until the decisions that began before are through, and acknowledges.
 */
@Injectable()
export class RuleSnapshots {
  readonly #orgs = new Map<string, OrgRules>();
  /** One update at a time per org, so that differences are applied in order. */
  readonly #updates = new Map<string, Promise<OrgRules>>();
  readonly inFlight = new InFlight();

  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
  ) {}

  /** The newest known rules; loads them the first time. */
  get(org: string): OrgRules | Promise<OrgRules> {
    return this.#orgs.get(org) ?? this.#updates.get(org) ?? this.#enqueue(org);
  }

  /** Handles a hint. An org that nobody asked for here has nothing in force, so it is acknowledged at once. */
  async onChanged({ org, version }: HintPayload<'policy.changed'>): Promise<void> {
    try {
      const held = this.#orgs.get(org) ?? (await this.#updates.get(org));
      if (held && held.version < version) await this.#enqueue(org);
      await this.inFlight.drained();
      await this.rpc.ask('policy.acknowledge', { gateway_id: this.options.gatewayId, org, version });
    } catch (error) {
      // Nothing stale may stay in force: without rules every command of the org goes to review.
      this.#orgs.delete(org);
      this.logger.error({ err: error, org, version }, 'rules could not be updated');
    }
  }

  #enqueue(org: string): Promise<OrgRules> {
    const previous = this.#updates.get(org);
    const update = (previous ? previous.catch(() => undefined) : Promise.resolve()).then(() => this.#load(org));
    this.#updates.set(org, update);
    const done = () => this.#updates.get(org) === update && this.#updates.delete(org);
    update.then(done, done);
    return update;
  }

  async #load(org: string): Promise<OrgRules> {
    const held = this.#orgs.get(org);
    const delivered = await this.rpc.ask(
      'policy.snapshot',
      { org, since: held?.version ?? null },
      { timeoutMs: 30_000 },
    );
    const next = held && delivered.type === 'delta' ? applyDelta(held, delivered) : compile(org, delivered);
    this.#orgs.set(org, next);
    return next;
  }
}

function compile(org: string, delivered: Delivered): OrgRules {
  if (delivered.type !== 'full') throw new Error('a full snapshot was asked for, a difference came');
  const { version, targets, policies } = delivered;
  const rules = delivered.rules.map(toEngineRule);
  return {
    version,
    targets,
    policies,
    snapshot: createSnapshot({ org, version, rules, targetGroups: groupsOf(targets), policies }),
  };
}

function applyDelta(held: OrgRules, delta: Extract<Delivered, { type: 'delta' }>): OrgRules {
  const { version, targets, policies, removed } = delta;
  const upserted = delta.upserted.map(toEngineRule);
  return {
    version,
    targets,
    policies,
    snapshot: held.snapshot.with({ version, upserted, removed, targetGroups: groupsOf(targets), policies }),
  };
}

const groupsOf = (targets: readonly SnapshotTarget[]): Record<string, string[]> =>
  Object.fromEntries(targets.map((target) => [target.id, target.group_ids]));

/** The rule as the engine judges it: times as numbers, bookkeeping left out. */
export function toEngineRule(rule: WireRule): EngineRule {
  const {
    id,
    effect,
    kind,
    pattern_type,
    pattern,
    scope,
    agent_id,
    session_id,
    shell,
    cwd,
    pipeline,
    matchers,
    direction,
    shadow,
    approved_for,
  } = rule;
  const expires_at = rule.expires_at === null ? null : Date.parse(rule.expires_at);
  return {
    id,
    effect,
    kind,
    pattern_type,
    pattern,
    scope,
    agent_id,
    session_id,
    shell,
    cwd,
    pipeline,
    matchers,
    direction,
    shadow,
    approved_for,
    expires_at,
  };
}
