import { LOGGER, type Logger, METRICS } from '@expacti/platform';
import { type BeforeApplicationShutdown, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { AgentSocketServer } from './agent-socket/agent-socket-server.js';
import { Greeter } from './agent-socket/greeter.js';
import { Credentials } from './auth/credentials.js';
import { CommandService } from './commands/command-service.js';
import { DecisionWait } from './commands/decision-wait.js';
import { DecisionWaiters } from './commands/decision-waiters.js';
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
    EvaluationService,
    Freshness,
    Greeter,
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
export class GatewayModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
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
  ) {
    registerGatewayMetrics(metrics, agents, reviewers);
  }

  /** Hears of changes before it holds a lease: what is tightened from then on reaches it. */
  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.feed.start(), this.reviewerFeed.start()]);
    await Promise.all([this.policyLease.start(), this.identityLease.start()]);
    this.rotation.start();
    this.logger.info('gateway ready');
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.agents.close();
    this.wait.endAll();
    // First the feed: what it could not hand on any more, another gateway takes.
    await this.reviewerFeed.stop();
    await this.reviewers.close();
    await this.feed.stop();
    this.rotation.stop();
    this.policyLease.stop();
    this.identityLease.stop();
    await this.limits.close();
  }
}
