import type { HintPayload, Org, RpcResponse } from '@expacti/contracts';
import { CLOCK, type Clock, LOGGER, type Logger, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { type ApprovalPolicy, createSnapshot, type Rule as EngineRule, type Snapshot } from '@expacti/policy-engine';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { Acknowledgements } from './acknowledgements.js';
import { ConfirmationRounds } from './confirmation-rounds.js';
import { InFlight } from './in-flight.js';
import { IdentityLease, PolicyLease } from './leases.js';
import { OrgSettings } from './org-settings.js';

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

/** Makes the next rules of an org, when its turn has come. */
type Step = () => Promise<OrgRules>;

/**
 * The rules of each org that was asked for here, in memory, with the settings of the org that judging depends on. A hint
 * fetches the difference, swaps one reference, waits until the decisions that began before are through, and acknowledges.
 * A hint that was lost is made up for within a minute: what is held is confirmed in rounds.
 */
@Injectable()
export class RuleSnapshots {
  readonly #orgs = new Map<string, OrgRules>();
  /** One update at a time per org, so that differences are applied in order. */
  readonly #updates = new Map<string, Promise<OrgRules>>();
  readonly inFlight = new InFlight();
  /** When each was last brought up or confirmed, by `elapsed`. */
  readonly #broughtUpAt = new Map<string, number>();
  /** Grows when everything that was learnt before is no longer believed. */
  #generation = 0;
  readonly #acknowledgements: Acknowledgements;
  readonly #rounds: ConfirmationRounds;

  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(OrgSettings) private readonly settings: OrgSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_OPTIONS) { gatewayId }: GatewayOptions,
    @Inject(PolicyLease) policyLease: PolicyLease,
    @Inject(IdentityLease) identityLease: IdentityLease,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#acknowledgements = new Acknowledgements('policy.acknowledge', gatewayId, rpc, clock, logger);
    this.#rounds = new ConfirmationRounds(clock, (org) => this.#confirm(org));
    for (const lease of [policyLease, identityLease])
      lease.onNewStretch(() => {
        this.#generation += 1;
        this.#orgs.clear();
        this.#broughtUpAt.clear();
        this.#rounds.forgetAll();
      });
  }

  /** Asks and acknowledges nothing more of its own accord. */
  stop(): void {
    this.#rounds.stop();
    this.#acknowledgements.stop();
  }

  /** The newest known rules; loads them the first time. */
  get(org: string): OrgRules | Promise<OrgRules> {
    return this.#orgs.get(org) ?? this.#updates.get(org) ?? this.#enqueue(org, () => this.#load(org));
  }

  /**
   * The rules as they would be with one more. The index is shared with the rules in force, so what was supposed is taken
   * back in the next breath: rules that are not the newest of their line would have to be compiled anew at the next change.
   */
  async supposing(org: string, rule: EngineRule): Promise<OrgRules> {
    const loaded = await this.get(org);
    const held = this.#orgs.get(org) ?? loaded;
    const { version } = held;
    const snapshot = held.snapshot.with({ version, upserted: [rule] });
    if (this.#orgs.get(org) === held)
      this.#orgs.set(org, { ...held, snapshot: snapshot.with({ version, removed: [rule.id] }) });
    return { ...held, snapshot };
  }

  /**
   * Handles a hint; its turn among the org's updates is taken before this returns. An org that nobody asked for here has
   * nothing in force, so it is acknowledged at once. Never rejects.
   */
  async onChanged({ org, version }: HintPayload<'policy.changed'>): Promise<void> {
    await this.#bring(org, async () => {
      const held = this.#orgs.get(org);
      return held && held.version >= version ? held : this.#load(org);
    });
    await this.inFlight.drained();
    await this.#acknowledgements.give(org, version);
  }

  /** Brings the org's own settings into force. The caller has made `OrgSettings` forget what it knew. */
  async settingsChanged(org: string): Promise<void> {
    await this.#bring(org, async () => {
      const settings = await this.settings.get(org);
      const held = this.#orgs.get(org);
      return held ? withSettings(held, settings) : this.#load(org);
    });
  }

  /** How long ago the rules were last current that have stayed the longest; 0 where there are none. For operators. */
  oldestAgeSeconds(): number {
    const now = this.clock.elapsed();
    return [...this.#broughtUpAt.values()].reduce((oldest, at) => Math.max(oldest, now - at), 0) / 1_000;
  }

  /**
   * Asks whether what is held of the org is still current; if not, a hint was lost, and is made up for. Asked outside the
   * turns of the updates, so that no hint waits for the answer. Where there is none, the rules stay: nothing says that they
   * changed, and the lease says that the authority is there.
   */
  async #confirm(org: string): Promise<boolean> {
    const held = this.#orgs.get(org);
    if (!held) return true;
    const askedAt = this.clock.elapsed();
    const generation = this.#generation;
    try {
      const [{ version }, settings] = await Promise.all([
        this.rpc.ask('policy.snapshot', { org, since: held.version }, { timeoutMs: 30_000 }),
        this.settings.get(org),
      ]);
      if (generation !== this.#generation) return true;
      const newest = this.#orgs.get(org);
      if (!newest) return true;
      if (version > newest.version) await this.onChanged({ org, version });
      else if (withSettings(newest, settings) !== newest) await this.settingsChanged(org);
      else this.#broughtUpAt.set(org, Math.max(askedAt, this.#broughtUpAt.get(org) ?? askedAt));
      return true;
    } catch (error) {
      this.logger.warn({ err: error, org }, 'the rules could not be confirmed');
      return false;
    }
  }

  /** Changes what is held of an org, if anything is. */
  async #bring(org: string, step: Step): Promise<void> {
    if (!this.#orgs.has(org) && !this.#updates.has(org)) return;
    try {
      await this.#enqueue(org, step);
    } catch (error) {
      this.logger.error({ err: error, org }, 'the rules could not be updated');
    }
  }

  #enqueue(org: string, step: Step): Promise<OrgRules> {
    const previous = this.#updates.get(org);
    const update = (previous ? previous.catch(() => undefined) : Promise.resolve()).then(() => this.#take(org, step));
    this.#updates.set(org, update);
    const done = () => this.#updates.get(org) === update && this.#updates.delete(org);
    update.then(done, done);
    return update;
  }

  /** Where a step fails, nothing stale may stay in force: without rules no command is decided here. */
  async #take(org: string, step: Step): Promise<OrgRules> {
    for (;;) {
      const generation = this.#generation;
      try {
        const next = await step();
        if (generation !== this.#generation) continue;
        this.#orgs.set(org, next);
        this.#broughtUpAt.set(org, this.clock.elapsed());
        this.#rounds.restart(org);
        return next;
      } catch (error) {
        // What it started from was taken away under its feet.
        if (generation !== this.#generation) continue;
        this.#orgs.delete(org);
        this.#broughtUpAt.delete(org);
        this.#rounds.forget(org);
        throw error;
      }
    }
  }

  async #load(org: string): Promise<OrgRules> {
    const since = this.#orgs.get(org)?.version ?? null;
    const [delivered, settings] = await Promise.all([
      this.rpc.ask('policy.snapshot', { org, since }, { timeoutMs: 30_000 }),
      this.settings.get(org),
    ]);
    if (delivered.type === 'full') return compile(org, delivered, settings);
    // Read again: a supposition may have moved the line on meanwhile. The version is the same, updates take turns.
    const newest = this.#orgs.get(org);
    if (newest?.version !== delivered.since) throw new Error('the difference starts from another version');
    return applyDelta(newest, delivered, settings);
  }
}

function compile(org: string, delivered: Extract<Delivered, { type: 'full' }>, settings: Org): OrgRules {
  const { version, targets, policies } = delivered;
  const rules = delivered.rules.map(toEngineRule);
  const snapshot = createSnapshot({ org, version, rules, policies, ...factsOf(targets), ...engineSettings(settings) });
  return { version, targets, policies, snapshot };
}

function applyDelta(held: OrgRules, delta: Extract<Delivered, { type: 'delta' }>, settings: Org): OrgRules {
  const { version, targets, policies, removed } = delta;
  const upserted = delta.upserted.map(toEngineRule);
  const change = { version, upserted, removed, policies, ...factsOf(targets), ...engineSettings(settings) };
  return { version, targets, policies, snapshot: held.snapshot.with(change) };
}

function withSettings(held: OrgRules, settings: Org): OrgRules {
  const changed = engineSettings(settings);
  const { rememberDynamic, onePersonApproval } = held.snapshot.settings;
  if (rememberDynamic === changed.rememberDynamic && onePersonApproval === changed.onePersonApproval) return held;
  return { ...held, snapshot: held.snapshot.with({ version: held.version, ...changed }) };
}

/** What of the org's settings the engine judges by. */
const engineSettings = ({ remember_dynamic, one_person_approval }: Org) => ({
  rememberDynamic: remember_dynamic,
  onePersonApproval: one_person_approval,
});

const factsOf = (targets: readonly SnapshotTarget[]) => ({
  targetGroups: Object.fromEntries(targets.map((target) => [target.id, target.group_ids])),
  productionTargets: targets.filter((target) => target.production).map((target) => target.id),
});

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
    created_by,
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
    created_by_id: created_by.id,
    expires_at,
  };
}
