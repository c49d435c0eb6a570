import type { Requirement } from '@expacti/sdk';

/** Who is asked: `1 approval from any reviewer`, `2 approvals; still needed: 1, from security`. */
export function requirementText(requirement: Requirement): string {
  const { require_n_approvers: count, missing, policy, roles, groups } = requirement;
  const total = `${count} ${count === 1 ? 'approval' : 'approvals'}`;
  const from = listed(policy, [...roles, ...groups]) || ' from any reviewer';
  const started = missing.approvers < count;
  const still = started
    ? `; still needed: ${missing.approvers}${listed('AllOf', [...missing.roles, ...missing.groups])}`
    : '';
  return `${total}${from}${still}`;
}

function listed(policy: Requirement['policy'], names: readonly string[]): string {
  if (names.length === 0) return '';
  return ` from ${names.join(policy === 'AllOf' ? ' and ' : ' or ')}`;
}
