import type { Approval } from '../api/types.js';

/** Who has to approve, in one sentence; null when one person with the permission is enough. */
export function requirementText(requirement: Approval['requirement']): string | null {
  const { require_n_approvers: count, roles, groups, policy } = requirement;
  const named = [...roles.map((role) => `the role ${role}`), ...groups.map((group) => `the group ${group}`)];
  if (count < 2 && named.length === 0) return null;
  const people = count < 2 ? 'One person' : `${count} different people`;
  if (named.length === 0) return `${people} must approve.`;
  return policy === 'AllOf'
    ? `${people} must approve, among them each of ${named.join(', ')}.`
    : `${people} of ${named.join(' or ')} must approve.`;
}
