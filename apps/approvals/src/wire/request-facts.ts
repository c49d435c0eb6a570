import { type Actor, SYSTEM_ACTOR } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { fact, timestamp } from '@expacti/platform';
import type { RememberedRule } from '../domain/cast-vote.js';
import type { CastVote, Grant, HeldRequest, RunResult } from '../domain/request.js';
import { presentApproval, presentRecord } from './present.js';

/**
 * The events of a request's life. All are keyed by the command, so that everybody hears them in the order in which they
 * happened.
 */

const aboutApproval = ({ id }: HeldRequest) => ({ type: 'approval', id });
const aboutCommand = ({ commandId }: HeldRequest) => ({ type: 'command', id: commandId });

const agentOf = ({ agent }: HeldRequest): Actor => ({ kind: 'agent', id: agent.id, name: agent.name });
const voterOf = ({ voter }: CastVote): Actor => ({ kind: 'user', id: voter.id, name: voter.name });

export function openedFacts(request: HeldRequest, now: number): BusEvent[] {
  const { org, commandId, deadlineAt } = request;
  const actor = agentOf(request);
  return [
    fact('command.submitted', org, commandId, now, {
      actor,
      subject: aboutCommand(request),
      data: { command: presentRecord(request), deadline_at: timestamp(deadlineAt) },
    }),
    fact('approval.requested', org, commandId, now, {
      actor,
      subject: aboutApproval(request),
      data: { approval: presentApproval(request, []) },
    }),
  ];
}

export function votedFact(request: HeldRequest, vote: CastVote, now: number): BusEvent {
  const { id, org, commandId } = request;
  return fact('approval.voted', org, commandId, now, {
    actor: voterOf(vote),
    subject: aboutApproval(request),
    data: {
      approval_id: id,
      command_id: commandId,
      verb: vote.verb,
      version: vote.version,
      command_sha256: vote.sha256,
      reason: vote.reason,
      edited_command: vote.editedText,
    },
  });
}

/** What follows from a vote: the request is closed, or what is missing has changed. */
export function outcomeFact(
  request: HeldRequest,
  votes: readonly CastVote[],
  vote: CastVote,
  remember: RememberedRule,
  now: number,
): BusEvent {
  if (request.state.status !== 'pending') return closedFact(request, votes, voterOf(vote), remember, now);
  return fact('approval.updated', request.org, request.commandId, now, {
    actor: voterOf(vote),
    subject: aboutApproval(request),
    data: { approval: presentApproval(request, votes) },
  });
}

export const lapsedFact = (request: HeldRequest, votes: readonly CastVote[], now: number): BusEvent =>
  closedFact(request, votes, SYSTEM_ACTOR, null, now);

/** The agent cancelled: a pending request is closed by it, the right to run an allowed one is given up. */
export function cancelledFact(request: HeldRequest, votes: readonly CastVote[], now: number): BusEvent {
  if (request.execution.kind !== 'withdrawn') return closedFact(request, votes, agentOf(request), null, now);
  return fact('command.withdrawn', request.org, request.commandId, now, {
    actor: agentOf(request),
    subject: aboutCommand(request),
    data: {},
  });
}

export const startedFact = (request: HeldRequest, { jti, expiresAt }: Grant, now: number): BusEvent =>
  fact('command.started', request.org, request.commandId, now, {
    actor: agentOf(request),
    subject: aboutCommand(request),
    data: { jti, expires_at: timestamp(expiresAt) },
  });

export const finishedFact = (request: HeldRequest, result: RunResult, now: number): BusEvent =>
  fact('command.finished', request.org, request.commandId, now, {
    actor: agentOf(request),
    subject: aboutCommand(request),
    data: result,
  });

function closedFact(
  request: HeldRequest,
  votes: readonly CastVote[],
  actor: Actor,
  remember: RememberedRule,
  now: number,
): BusEvent {
  const { state } = request;
  if (state.status === 'pending') throw new Error(`${request.id} is pending, so nothing has closed it`);
  return fact('approval.closed', request.org, request.commandId, now, {
    actor,
    subject: aboutApproval(request),
    data: {
      approval: presentApproval(request, votes),
      decision: state.decision,
      close_reason: state.closeReason,
      remember,
    },
  });
}
