import type { RiskLevel } from '../risk/risk.js';
import type { ApprovalStrength } from '../rule.js';

/** Who has to approve: `AnyOf` the roles and groups (anyone where none is named), or one person for each with `AllOf`. */
export interface Requirement {
  /** Distinct people. */
  require_n_approvers: number;
  policy: 'AnyOf' | 'AllOf';
  roles: readonly string[];
  groups: readonly string[];
  /** The most demanding of the policies that apply; null for the default of one approver. */
  policy_id: string | null;
}

/** Asks for more than one approver, or for particular people, where all of its non-empty conditions hold. */
export interface ApprovalPolicy {
  id: string;
  target_group_ids: readonly string[];
  risk_levels: readonly string[];
  agent_ids: readonly string[];
  /** Base names of programs; one of them somewhere on the line is enough. */
  programs: readonly string[];
  require_n_approvers: number;
  policy: 'AnyOf' | 'AllOf';
  roles: readonly string[];
  groups: readonly string[];
}

/** What policies look at. `risk_level` is asked for only where a policy depends on it. */
export interface PolicyFacts {
  agent_id: string;
  target_group_ids: readonly string[];
  programs: readonly string[];
  riskLevel: () => RiskLevel;
}

export const ONE_APPROVER: Requirement = {
  require_n_approvers: 1,
  policy: 'AnyOf',
  roles: [],
  groups: [],
  policy_id: null,
};

/**
 * What the policies ask for. Where several apply, all of them are met: the highest number of approvers, and where more
 * than one names roles or groups, each of those named (`AllOf`).
 */
export function requirementFor(policies: readonly ApprovalPolicy[], facts: PolicyFacts): Requirement {
  const matching = policies.filter((policy) => applies(policy, facts)).sort(mostDemandingFirst);
  const [first] = matching;
  if (first === undefined) return ONE_APPROVER;
  const naming = matching.filter((policy) => policy.roles.length + policy.groups.length > 0);
  const [onlyNaming] = naming;
  return {
    require_n_approvers: Math.max(1, ...matching.map((policy) => policy.require_n_approvers)),
    policy: naming.length > 1 ? 'AllOf' : (onlyNaming ?? first).policy,
    roles: sortedUnion(naming.map((policy) => policy.roles)),
    groups: sortedUnion(naming.map((policy) => policy.groups)),
    policy_id: first.id,
  };
}

function applies(policy: ApprovalPolicy, facts: PolicyFacts): boolean {
  const holds = (wanted: readonly string[], found: readonly string[]): boolean =>
    wanted.length === 0 || wanted.some((item) => found.includes(item));
  return (
    holds(policy.target_group_ids, facts.target_group_ids) &&
    holds(policy.agent_ids, [facts.agent_id]) &&
    holds(policy.programs, facts.programs) &&
    (policy.risk_levels.length === 0 || policy.risk_levels.includes(facts.riskLevel()))
  );
}

function mostDemandingFirst(a: ApprovalPolicy, b: ApprovalPolicy): number {
  const weight = (policy: ApprovalPolicy): number =>
    policy.require_n_approvers * 100 +
    (policy.policy === 'AllOf'
      ? policy.roles.length + policy.groups.length
      : policy.roles.length + policy.groups.length > 0
        ? 1
        : 0);
  return weight(b) - weight(a) || (a.id < b.id ? -1 : 1);
}

const sortedUnion = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();

/** Was a rule made with at least the approval that is asked for now? If not, the rule does not apply. */
export function meetsRequirement(strength: ApprovalStrength | null | undefined, requirement: Requirement): boolean {
  const { approvers, roles, groups } = strength ?? { approvers: 1, roles: [], groups: [] };
  if (approvers < requirement.require_n_approvers) return false;
  const named = [
    ...requirement.roles.map((role) => roles.includes(role)),
    ...requirement.groups.map((group) => groups.includes(group)),
  ];
  if (named.length === 0) return true;
  return requirement.policy === 'AllOf' ? named.every(Boolean) : named.some(Boolean);
}
