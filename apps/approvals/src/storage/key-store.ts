import { ExpactiError } from '@expacti/contracts';
import { type EntityManager, LessThan } from 'typeorm';
import { KeyRow } from './key-row.js';

/** How long an idempotency key stands for its command. */
export const KEY_RETENTION_MS = 7 * 86_400_000;

/** Keys forgotten in one transaction: others must not wait long behind it. */
const FORGET_BATCH = 1_000;

export interface KeyClaim {
  readonly org: string;
  readonly agentId: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly commandId: string;
}

/**
 * Binds the key to the command, or tells which command it stands for already.
 * @throws ExpactiError IDEMPOTENCY_CLASH when the key stands for a different request
 */
export async function claimKey(
  manager: EntityManager,
  claim: KeyClaim,
  now: number,
): Promise<{ commandId: string; isNew: boolean }> {
  const { org, agentId, key, fingerprint, commandId } = claim;
  const inserted = await manager.sql<{ command_id: string }[]>`
    INSERT INTO approvals_keys (org_id, agent_id, "key", fingerprint, command_id, created_at)
    VALUES (${org}, ${agentId}, ${key}, ${fingerprint}, ${commandId}, ${now})
    ON CONFLICT DO NOTHING RETURNING command_id`;
  if (inserted.length > 0) return { commandId, isNew: true };
  const known = await manager.findOneByOrFail(KeyRow, { org, agentId, key });
  if (known.fingerprint !== fingerprint) {
    throw new ExpactiError(
      'IDEMPOTENCY_CLASH',
      `This key stands for ${known.commandId}, which asked for something else.`,
    );
  }
  return { commandId: known.commandId, isNew: false };
}

/** Forgets a bounded number of keys made before `before`. Returns whether there may be more. */
export async function forgetKeys(manager: EntityManager, before: number): Promise<boolean> {
  const [beyond] = await manager.find(KeyRow, {
    where: { createdAt: LessThan(before) },
    order: { createdAt: 'ASC' },
    skip: FORGET_BATCH,
    take: 1,
  });
  // Keys of one millisecond go together, so the batch may be a little larger.
  await manager.delete(KeyRow, { createdAt: LessThan(beyond === undefined ? before : beyond.createdAt + 1) });
  return beyond !== undefined;
}
