import { CLOCK, type Clock, LOGGER, type Logger, METRICS } from '@expacti/platform';
import {
  type BeforeApplicationShutdown,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { AgentSocketServer } from './agent-socket/agent-socket-server.js';
import { Greeter } from './agent-socket/greeter.js';
import { Credentials } from './auth/credentials.js';
import { CommandService } from './commands/command-service.js';
import { DecisionWait } from './commands/decision-wait.js';
import { DecisionWaiters } from './commands/decision-waiters.js';
import { HistoryLag } from './commands/history-lag.js';
import { RecentCommands } from './commands/recent-commands.js';
import { VotingService } from './commands/voting-service.js';
import { AgentsController } from './controllers/agents-controller.js';
import { ApprovalsController } from './controllers/approvals-controller.js';
import { AuthController } from './controllers/auth-controller.js';
import { CommandsController } from './controllers/commands-controller.js';
import { HealthController } from './controllers/health-controller.js';
import { OversightController } from './controllers/oversight-controller.js';
import { PeopleController } from './controllers/people-controller.js';
import { RulesController } from './controllers/rules-controller.js';
import { SessionsController } from './controllers/sessions-controller.js';
import { TargetsController } from './controllers/targets-controller.js';
import { Drain } from './drain.js';
import { Freshness } from './freshness/freshness.js';
import { IdentityLease, PolicyLease } from './freshness/leases.js';
import { OrgSettings } from './freshness/org-settings.js';
import { RuleSnapshots } from './freshness/rule-snapshots.js';
import { registerGatewayMetrics, SubmissionMetrics } from './gateway-metrics.js';
import { IdempotentWrites } from './http/idempotent-writes.js';
import { ProblemFilter } from './http/problem-filter.js';
import { RouteGuard } from './http/route-guard.js';
import { EvaluationService } from './judgement/evaluation-service.js';
import { RequestLimits } from './limits/request-limits.js';
import { LiveFeed } from './live-feed.js';
import { KeyRotation } from './receipts/key-rotation.js';
import { ReceiptMint } from './receipts/receipt-mint.js';
import { MissedChanges } from './reviewer-socket/missed-changes.js';
import { ReviewerFeed } from './reviewer-socket/reviewer-feed.js';
import { ReviewerSocketServer } from './reviewer-socket/reviewer-socket-server.js';

export const GATEWAY_CONTROLLERS = [
  CommandsController,
  ApprovalsController,
  RulesController,
  TargetsController,
  AgentsController,
  SessionsController,
  PeopleController,
  AuthController,
  OversightController,
  HealthController,
];

/** How long a decision that is being made may keep a process that is told to stop. */
const ANSWERED_WITHIN_MS = 5_000;

@Module({
  controllers: GATEWAY_CONTROLLERS,
  providers: [
    { provide: APP_GUARD, useClass: RouteGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: IdempotentWrites },
    AgentSocketServer,
    CommandService,
    Credentials,
    DecisionWait,
    DecisionWaiters,
    Drain,
    EvaluationService,
    Freshness,
    Greeter,
    HistoryLag,
    IdentityLease,
    KeyRotation,
    LiveFeed,
    MissedChanges,
    OrgSettings,
    PolicyLease,
    ReceiptMint,
    RecentCommands,
    RequestLimits,
    ReviewerFeed,
    ReviewerSocketServer,
    RuleSnapshots,
    SubmissionMetrics,
    VotingService,
  ],
})
export class GatewayModule implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
    @Inject(LiveFeed) private readonly feed: LiveFeed,
    @Inject(ReviewerFeed) private readonly reviewerFeed: ReviewerFeed,
    @Inject(PolicyLease) private readonly policyLease: PolicyLease,
    @Inject(IdentityLease) private readonly identityLease: IdentityLease,
    @Inject(DecisionWait) private readonly wait: DecisionWait,
    @Inject(KeyRotation) private readonly rotation: KeyRotation,
    @Inject(AgentSocketServer) private readonly agents: AgentSocketServer,
    @Inject(ReviewerSocketServer) private readonly reviewers: ReviewerSocketServer,
    @Inject(RequestLimits) private readonly limits: RequestLimits,
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Drain) private readonly drain: Drain,
  ) {
    const leases = { policy: policyLease, identity: identityLease };
    identityLease.onNewStretch(() => void reviewers.confirmAll());
    registerGatewayMetrics(metrics, { agents, reviewers, leases, snapshots });
  }

  /** Hears of changes before it holds a lease: what is tightened from then on reaches it. */
  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.feed.start(), this.reviewerFeed.start()]);
    await Promise.all([this.policyLease.start(), this.identityLease.start()]);
    this.rotation.start();
    this.logger.info('gateway ready');
  }

  /** From here on `/readyz` says so, and whoever comes now is sent elsewhere. */
  onModuleDestroy(): void {
    this.drain.begin();
  }

  /** What has begun is answered first; then the sockets are told to go elsewhere, and nothing is answered any more. */
  async beforeApplicationShutdown(): Promise<void> {
    this.wait.endAll();
    await this.#decisionsAnswered();
    this.agents.close();
    // First the feed: what it could not hand on any more, another gateway takes.
    await this.reviewerFeed.stop();
    await this.reviewers.close();
    await this.feed.stop();
    this.rotation.stop();
    this.policyLease.stop();
    this.identityLease.stop();
    await this.limits.close();
  }

  async #decisionsAnswered(): Promise<void> {
    const { promise: patienceIsOver, resolve } = Promise.withResolvers<void>();
    const cancel = this.clock.schedule(ANSWERED_WITHIN_MS, resolve);
    await Promise.race([this.snapshots.inFlight.drained(), patienceIsOver]);
    cancel();
    // A decision that is made is handed to its socket in this turn of the event loop.
    await new Promise((next) => setImmediate(next));
  }
}
