import type { Agent, AgentToken } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import type { AgentRow } from '../storage/agent-row.js';
import type { AgentTokenRow } from '../storage/agent-token-row.js';

const optionalTime = (milliseconds: number | null) => (milliseconds === null ? null : timestamp(milliseconds));

export const presentToken = (row: AgentTokenRow): AgentToken => ({
  id: row.id,
  name: row.name,
  hint: row.hint,
  targets: row.targets,
  shells: row.shells,
  kinds: row.kinds,
  created_at: timestamp(row.createdAt),
  expires_at: optionalTime(row.expiresAt),
  last_used_at: optionalTime(row.lastUsedAt),
  revoked_at: optionalTime(row.revokedAt),
});

/** @param owner null when that person is no longer there */
export const presentAgent = (
  row: AgentRow,
  tokens: readonly AgentTokenRow[],
  owner: { id: string; name: string } | null,
): Agent => ({
  id: row.id,
  name: row.name,
  description: row.description,
  owner,
  suspended: row.suspended,
  tokens: tokens.map(presentToken),
  created_at: timestamp(row.createdAt),
  last_seen_at: optionalTime(row.lastSeenAt),
});
