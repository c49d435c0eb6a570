import type { Approval } from '@expacti/contracts';
import type { EntityManager } from 'typeorm';
import type { HeldRequest } from '../domain/held-request.js';
import { findTarget, findTargetByName } from '../storage/target-repository.js';

/** What an approval was about, its target resolved to what the org has registered. */
export async function heldRequestOf(
  manager: EntityManager,
  org: string,
  approval: Pick<Approval, 'kind' | 'shell' | 'cwd' | 'target' | 'agent' | 'session_id' | 'encrypted'>,
  text: string,
): Promise<HeldRequest> {
  const { target: name } = approval;
  const target =
    name === null ? null : ((await findTargetByName(manager, org, name)) ?? (await findTarget(manager, org, name)));
  return {
    kind: approval.kind,
    text,
    shell: approval.shell,
    cwd: approval.cwd,
    targetId: target?.id ?? null,
    targetGroupIds: target?.group_ids ?? [],
    agentId: approval.agent.id,
    sessionId: approval.session_id,
    encrypted: approval.encrypted,
  };
}
