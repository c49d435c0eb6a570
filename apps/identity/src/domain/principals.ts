import {
  type AgentPrincipal,
  type Permission,
  ROLE_PERMISSIONS,
  type RoleName,
  type UserPrincipal,
} from '@expacti/contracts';
import type { AgentRow } from '../storage/agent-row.js';
import type { AgentTokenRow } from '../storage/agent-token-row.js';
import type { UserRow } from '../storage/user-row.js';

/** Everything that any of the roles permits, once. */
export function permissionsOf(roles: readonly RoleName[]): Permission[] {
  return [...new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role] ?? []))];
}

/** @param signInId null where there is no sign-in to end (the demo reviewer's published token) */
export const userPrincipal = (user: UserRow, signInId: string | null): UserPrincipal => ({
  kind: 'user',
  org: user.org,
  id: user.id,
  name: user.name,
  email: user.email,
  sign_in_id: signInId,
  roles: user.roles,
  groups: [],
  permissions: permissionsOf(user.roles),
});

export const agentPrincipal = (agent: AgentRow, token: AgentTokenRow): AgentPrincipal => ({
  kind: 'agent',
  org: agent.org,
  id: agent.id,
  name: agent.name,
  token_id: token.id,
  owner_id: agent.ownerId,
  targets: token.targets,
  shells: token.shells,
  kinds: token.kinds,
});
