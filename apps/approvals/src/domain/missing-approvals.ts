import type { Requirement as WireRequirement } from '@expacti/contracts';
import { approvalState } from '@expacti/policy-engine';
import type { Requirement, Voter } from './request.js';

type Missing = WireRequirement['missing'];

const NOTHING_MISSING: Missing = { approvers: 0, roles: [], groups: [] };

/**
 * Whether this person's approval can bring the requirement nearer. Under `AnyOf` with names only people who hold one of
 * them count; under `AllOf` everybody counts towards the number, and the names must be covered besides.
 */
export function canContribute({ policy, roles, groups }: Requirement, voter: Voter): boolean {
  if (policy === 'AllOf' || roles.length + groups.length === 0) return true;
  return voter.roles.some((role) => roles.includes(role)) || voter.groups.some((group) => groups.includes(group));
}

/**
 * What is still missing after these approvals. One person counts once, however often they voted.
 * @param approvers who approved the current version
 */
export function missingApprovals(requirement: Requirement, approvers: readonly Voter[]): Missing {
  const votes = approvers.map(({ id, roles, groups }) => ({ person_id: id, verb: 'approve' as const, roles, groups }));
  const state = approvalState({ ...requirement, policy_id: requirement.policy_id ?? null }, votes);
  if (state.kind === 'ok') return NOTHING_MISSING;
  if (state.kind === 'denied') throw new Error('Approvals alone cannot deny');
  const { approvers: people, roles, groups } = state;
  return { approvers: people, roles, groups };
}

export const isSatisfied = (missing: Missing): boolean =>
  missing.approvers === 0 && missing.roles.length === 0 && missing.groups.length === 0;
