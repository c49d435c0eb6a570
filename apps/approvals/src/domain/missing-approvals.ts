import type { Requirement as WireRequirement } from '@expacti/contracts';
import type { Requirement, Voter } from './request.js';

type Missing = WireRequirement['missing'];

/** Whether the requirement asks for particular people, and not just for somebody who may decide. */
const namesPeople = (requirement: Requirement): boolean =>
  requirement.roles.length > 0 || requirement.groups.length > 0;

const holdsOneOf = (requirement: Requirement, voter: Voter): boolean =>
  voter.roles.some((role) => requirement.roles.includes(role)) ||
  voter.groups.some((group) => requirement.groups.includes(group));

/**
 * Whether this person's approval can bring the requirement nearer. Under `AnyOf` with names only people who hold one of
 * them count; under `AllOf` everybody counts towards the number, and the names must be covered besides.
 */
export const canContribute = (requirement: Requirement, voter: Voter): boolean =>
  requirement.policy === 'AllOf' || !namesPeople(requirement) || holdsOneOf(requirement, voter);

/**
 * What is still missing after these approvals. One person counts once, however often they voted.
 * @param approvers who approved the current version
 */
export function missingApprovals(requirement: Requirement, approvers: readonly Voter[]): Missing {
  const counting = approvers.filter((voter) => canContribute(requirement, voter));
  const distinct = new Set(counting.map(({ id }) => id)).size;
  const approversMissing = Math.max(0, requirement.require_n_approvers - distinct);
  if (requirement.policy === 'AnyOf') {
    const isOpen = approversMissing > 0;
    return {
      approvers: approversMissing,
      roles: isOpen ? [...requirement.roles] : [],
      groups: isOpen ? [...requirement.groups] : [],
    };
  }
  const roles = requirement.roles.filter((role) => !counting.some((voter) => voter.roles.includes(role)));
  const groups = requirement.groups.filter((group) => !counting.some((voter) => voter.groups.includes(group)));
  // A named role that nobody has brought yet needs a person, even where enough people have approved.
  const named = roles.length + groups.length > 0 ? 1 : 0;
  return { approvers: Math.max(approversMissing, named), roles, groups };
}

export const isSatisfied = (missing: Missing): boolean =>
  missing.approvers === 0 && missing.roles.length === 0 && missing.groups.length === 0;
