import type { ServiceDefinition } from '@expacti/platform';
import { PolicyModule } from './policy-module.js';
import { CreatePolicySuggestions1767225603010 } from './storage/create-policy-suggestions.js';
import { CreatePolicyTables1767225603000 } from './storage/create-policy-tables.js';
import { OrgRow } from './storage/org-row.js';
import { RemovedRuleRow } from './storage/removed-rule-row.js';
import { RuleRow } from './storage/rule-row.js';
import { SuggestionRow } from './storage/suggestion-row.js';
import { TargetGroupRow, TargetMembershipRow, TargetRow } from './storage/target-rows.js';

/** Rules, targets and groups; the snapshot that gateways judge by. */
export const policyService: ServiceDefinition = {
  name: 'policy',
  module: PolicyModule,
  entities: [OrgRow, RuleRow, RemovedRuleRow, TargetRow, TargetGroupRow, TargetMembershipRow, SuggestionRow],
  migrations: [CreatePolicyTables1767225603000, CreatePolicySuggestions1767225603010],
};
