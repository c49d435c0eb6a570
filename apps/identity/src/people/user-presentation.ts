import type { User } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import type { UserRow } from '../storage/user-row.js';

/** Whether the person can sign in at all: an invitation that was not accepted yet has no password. */
export const hasCredential = (row: UserRow): boolean => row.demo || row.passwordHash !== null;

export const presentUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  roles: row.roles,
  active: row.active,
  invited: !hasCredential(row),
  created_at: timestamp(row.createdAt),
  last_sign_in_at: row.lastSignInAt === null ? null : timestamp(row.lastSignInAt),
});

/** What the record of a change may say of a person. */
export const describeUser = (row: UserRow) => ({
  email: row.email,
  name: row.name,
  roles: row.roles,
  active: row.active,
  invited: !hasCredential(row),
});
