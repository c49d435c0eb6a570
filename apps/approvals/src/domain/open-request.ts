import type { AgentPrincipal, HeldSubmission } from '@expacti/contracts';
import { deadlineOf } from './lapse.js';
import type { HeldRequest } from './request.js';

/** A request as the gateway judged it, from now on waiting for people. */
export function openRequest(held: HeldSubmission, agent: AgentPrincipal, now: number): HeldRequest {
  const { submission, timeout } = held;
  return {
    id: held.approval_id,
    commandId: held.command_id,
    org: agent.org,
    agent: { id: agent.id, name: agent.name },
    agentOwnerId: agent.owner_id,
    sessionId: held.session_id,
    ref: submission.ref ?? null,
    kind: submission.kind,
    reviewed: {
      text: held.text,
      sha256: held.text_sha256,
      escaped: held.text_escaped,
      analysis: held.analysis,
      risk: held.risk,
      requirement: held.requirement,
    },
    version: 1,
    original: null,
    shell: held.shell,
    cwd: submission.cwd ?? null,
    target: held.target,
    reason: submission.reason ?? null,
    context: submission.context ?? null,
    // Every submission that this wire knows is in clear text.
    encrypted: false,
    onePersonApproval: held.one_person_approval,
    timeoutAction: timeout.action,
    createdAt: now,
    deadlineAt: deadlineOf(now, timeout.seconds),
    state: { status: 'pending' },
    execution: { kind: 'not_started' },
  };
}
