import type { Clock, Database } from '@expacti/persistence';
import {
  CLOCK,
  DATABASE,
  FreshnessAuthority,
  LEASE_STORE,
  type LeaseStore,
  RPC_CLIENT,
  type RpcClient,
} from '@expacti/platform';
import { Module, type Provider } from '@nestjs/common';
import { PolicyChanges } from './application/policy-changes.js';
import { RememberService } from './application/remember-service.js';
import { RuleImporter } from './application/rule-importer.js';
import { RulePreviewer } from './application/rule-previewer.js';
import { RuleService } from './application/rule-service.js';
import { SuggestionService } from './application/suggestion-service.js';
import { TargetGroupService } from './application/target-group-service.js';
import { TargetService } from './application/target-service.js';
import { UsageCounter } from './application/usage-counter.js';
import { ApprovalClosedConsumer } from './events/approval-closed-consumer.js';
import { SessionEndedConsumer } from './events/session-ended-consumer.js';
import { UsageConsumer } from './events/usage-consumer.js';
import { RulesController } from './rpc/rules-controller.js';
import { SnapshotController } from './rpc/snapshot-controller.js';
import { SuggestionsController } from './rpc/suggestions-controller.js';
import { TargetGroupsController } from './rpc/target-groups-controller.js';
import { TargetsController } from './rpc/targets-controller.js';

const providers: Provider[] = [
  {
    provide: FreshnessAuthority,
    inject: [LEASE_STORE, CLOCK],
    useFactory: (leases: LeaseStore, clock: Clock) => new FreshnessAuthority(leases, clock, 'policy'),
  },
  {
    provide: PolicyChanges,
    inject: [DATABASE, FreshnessAuthority, CLOCK],
    useFactory: (database: Database, freshness: FreshnessAuthority, clock: Clock) =>
      new PolicyChanges(database, freshness, clock),
  },
  {
    provide: RuleService,
    inject: [DATABASE, PolicyChanges, RPC_CLIENT, CLOCK],
    useFactory: (database: Database, changes: PolicyChanges, rpc: RpcClient, clock: Clock) =>
      new RuleService({ database, changes, rpc, clock }),
  },
  {
    provide: RuleImporter,
    inject: [DATABASE, PolicyChanges, RuleService, CLOCK],
    useFactory: (database: Database, changes: PolicyChanges, rules: RuleService, clock: Clock) =>
      new RuleImporter({ database, changes, rules, clock }),
  },
  {
    provide: RulePreviewer,
    inject: [DATABASE, RPC_CLIENT, RuleService, CLOCK],
    useFactory: (database: Database, rpc: RpcClient, rules: RuleService, clock: Clock) =>
      new RulePreviewer({ database, rpc, rules, clock }),
  },
  {
    provide: RememberService,
    inject: [DATABASE, PolicyChanges, RuleService, RPC_CLIENT, CLOCK],
    useFactory: (database: Database, changes: PolicyChanges, rules: RuleService, rpc: RpcClient, clock: Clock) =>
      new RememberService({ database, changes, rules, rpc, clock }),
  },
  {
    provide: SuggestionService,
    inject: [DATABASE, RuleService, CLOCK],
    useFactory: (database: Database, rules: RuleService, clock: Clock) =>
      new SuggestionService({ database, rules, clock }),
  },
  {
    provide: UsageCounter,
    inject: [DATABASE],
    useFactory: (database: Database) => new UsageCounter(database),
  },
  {
    provide: TargetService,
    inject: [DATABASE, PolicyChanges],
    useFactory: (database: Database, changes: PolicyChanges) => new TargetService({ database, changes }),
  },
  {
    provide: TargetGroupService,
    inject: [DATABASE, PolicyChanges],
    useFactory: (database: Database, changes: PolicyChanges) => new TargetGroupService({ database, changes }),
  },
];

@Module({
  controllers: [
    RulesController,
    SnapshotController,
    SuggestionsController,
    TargetsController,
    TargetGroupsController,
    ApprovalClosedConsumer,
    SessionEndedConsumer,
    UsageConsumer,
  ],
  providers,
})
export class PolicyModule {}
