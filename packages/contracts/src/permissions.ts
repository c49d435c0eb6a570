import { z } from 'zod';

/** What an identity may do. Every REST route names exactly one of these (or says that it is public). */
export const PERMISSIONS = [
  'commands:submit',
  'commands:read',
  'approvals:read',
  'approvals:decide',
  'rules:read',
  'rules:write',
  'targets:read',
  'targets:write',
  'agents:read',
  'agents:write',
  'sessions:read',
  'audit:read',
  'org:read',
  'org:write',
  'users:read',
  'users:write',
] as const;

export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

export const RoleName = z.enum(['owner', 'admin', 'reviewer', 'auditor']);
export type RoleName = z.infer<typeof RoleName>;

const READ: Permission[] = PERMISSIONS.filter((name) => name.endsWith(':read'));
const PEOPLE: Permission[] = PERMISSIONS.filter((name) => name !== 'commands:submit');

/** An agent submits and never reviews, so no role holds `commands:submit`. */
export const ROLE_PERMISSIONS: Record<RoleName, readonly Permission[]> = {
  owner: PEOPLE,
  admin: PEOPLE,
  reviewer: [
    ...READ.filter((name) => name !== 'audit:read' && name !== 'users:read'),
    'approvals:decide',
    'rules:write',
  ],
  auditor: READ,
};

export const AGENT_PERMISSIONS: readonly Permission[] = ['commands:submit'];
