import type { AgentPrincipal, Approval, Command, Principal, Rule } from '@expacti/contracts';
import { EmbeddedBus, messagingEntities, messagingMigrations } from '@expacti/messaging';
import { FakeClock, type TemporaryDatabase, temporaryDatabase } from '@expacti/testkit';
import { Registry } from 'prom-client';
import { Credentials } from '../src/auth/credentials.js';
import { CommandService } from '../src/commands/command-service.js';
import { DecisionWaiters } from '../src/commands/decision-waiters.js';
import { HistoryLag } from '../src/commands/history-lag.js';
import { RecentCommands } from '../src/commands/recent-commands.js';
import { Drain } from '../src/drain.js';
import { Freshness } from '../src/freshness/freshness.js';
import { IdentityLease, PolicyLease } from '../src/freshness/leases.js';
import { OrgSettings } from '../src/freshness/org-settings.js';
import { RuleSnapshots } from '../src/freshness/rule-snapshots.js';
import { SubmissionMetrics } from '../src/gateway-metrics.js';
import type { GatewayOptions } from '../src/gateway-options.js';
import { gatewayService } from '../src/index.js';
import { InProcessRateLimits } from '../src/limits/in-process-rate-limits.js';
import { RequestLimits } from '../src/limits/request-limits.js';
import { ReceiptKeys } from '../src/receipts/receipt-keys.js';
import { ReceiptMint } from '../src/receipts/receipt-mint.js';
import { Authorities } from './authorities.js';
import { approval, gatewayOptions, ORG, record, silent } from './fixtures.js';
import { StallingBus } from './stalling-bus.js';

/** The gateway's own parts put together over a real database and bus; the other services answer as the test says. */
export class CommandRig {
  readonly clock = new FakeClock();
  readonly authorities = new Authorities();
  readonly waiters = new DecisionWaiters();
  readonly recent = new RecentCommands();
  readonly drain = new Drain();
  /** By token: who it belongs to. */
  readonly principals = new Map<string, Principal>();
  /** What the approval queue holds. */
  readonly queue = new Map<string, { command: Command; approval: Approval }>();
  readonly rules: Rule[] = [];
  readonly metrics = new Registry();

  private constructor(
    readonly options: GatewayOptions,
    private readonly temporary: TemporaryDatabase,
    readonly keys: ReceiptKeys,
    clock: FakeClock,
  ) {
    this.clock = clock;
    this.bus = new StallingBus(new EmbeddedBus({ database: temporary.database, clock }));
    const { client } = this.authorities;
    this.policyLease = new PolicyLease(client, clock, silent, options);
    this.identityLease = new IdentityLease(client, clock, silent, options);
    this.settings = new OrgSettings(client, clock, this.identityLease);
    this.snapshots = new RuleSnapshots(
      client,
      this.settings,
      silent,
      options,
      this.policyLease,
      this.identityLease,
      clock,
    );
    this.freshness = new Freshness(this.policyLease, this.identityLease);
    this.credentials = new Credentials(client, clock, this.identityLease);
    this.limits = new RequestLimits(options, new InProcessRateLimits(clock), this.metrics);
    this.commands = new CommandService(
      client,
      this.bus,
      clock,
      this.snapshots,
      this.freshness,
      this.identityLease,
      this.credentials,
      this.settings,
      this.limits,
      new ReceiptMint(keys, options),
      this.recent,
      new SubmissionMetrics(this.metrics),
      new HistoryLag(clock),
      this.drain,
    );
    this.#answer();
  }

  readonly bus: StallingBus;
  readonly policyLease: PolicyLease;
  readonly identityLease: IdentityLease;
  readonly freshness: Freshness;
  readonly settings: OrgSettings;
  readonly snapshots: RuleSnapshots;
  readonly credentials: Credentials;
  readonly limits: RequestLimits;
  readonly commands: CommandService;

  static async start(more: Partial<GatewayOptions> = {}): Promise<CommandRig> {
    const clock = new FakeClock();
    const temporary = await temporaryDatabase({
      entities: [...messagingEntities, ...gatewayService.entities],
      migrations: [...messagingMigrations, ...gatewayService.migrations],
    });
    const keys = new ReceiptKeys(temporary.database, clock, Buffer.alloc(32, 7));
    await keys.refresh();
    const rig = new CommandRig(gatewayOptions(more), temporary, keys, clock);
    await Promise.all([rig.policyLease.start(), rig.identityLease.start()]);
    return rig;
  }

  async stop(): Promise<void> {
    this.policyLease.stop();
    this.identityLease.stop();
    await this.bus.close();
    await this.temporary.remove();
  }

  /** Signs the agent in under a token. */
  async admit(agent: AgentPrincipal, token = `shell_${agent.id}`): Promise<AgentPrincipal> {
    this.principals.set(token, agent);
    return (await this.credentials.authenticate(token)).principal as AgentPrincipal;
  }

  /** Puts a command that waits for a person into the queue, without a word to anybody. */
  hold(by: AgentPrincipal, text: string, id?: string): { command: Command; approval: Approval } {
    const kept = record(by, text, id === undefined ? {} : { id });
    const request = approval({ command: text, command_id: kept.id, agent: kept.agent });
    const { deadline_at, requirement } = request;
    const command = { ...kept, approval_id: request.id, status: 'pending' as const };
    const entry = {
      command: { ...command, deadline_at, requirement, decision: null, started_at: null, result: null },
      approval: request,
    };
    this.queue.set(kept.id, entry);
    return entry;
  }

  /** Changes what the queue says of a command, without a word to anybody. */
  decide(id: string, decision: NonNullable<Command['decision']>): { approval: Approval; command: Command } {
    const entry = this.queue.get(id);
    if (!entry) throw new Error(`${id} is not in the queue`);
    const status = decision.outcome;
    const command = { ...entry.command, status, decision };
    const decided = { command, approval: { ...entry.approval, status } };
    this.queue.set(id, decided);
    return decided;
  }

  #answer(): void {
    const { authorities } = this;
    authorities.answer('identity.authenticate', ({ credential }) => ({
      principal: this.principals.get(credential) ?? null,
      expires_at: null,
    }));
    authorities.answer('policy.snapshot', () => ({
      type: 'full',
      org: ORG,
      version: 1,
      targets: [],
      policies: [],
      rules: this.rules,
    }));
    authorities.answer('approvals.submit', ({ principal, held }) => ({
      ...this.hold(principal, held.text, held.command_id),
      repeated: false,
    }));
    authorities.answer('approvals.command', ({ principal, id }) => {
      const command = this.queue.get(id)?.command;
      return command?.agent.id === principal.id ? command : null;
    });
    authorities.answer('audit.commands.get', () => null);
  }
}
