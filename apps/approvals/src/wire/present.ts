import type { Approval, Command, CommandRecord, SubmissionContext, Vote } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import type { z } from 'zod';
import { missingApprovals } from '../domain/missing-approvals.js';
import { type CastVote, type HeldRequest, isVoid } from '../domain/request.js';

/** The request as reviewers see it. */
export function presentApproval(request: HeldRequest, votes: readonly CastVote[]): Approval {
  const { id, commandId, version, state, kind, reviewed, original, shell, cwd, target, agent } = request;
  const closed = state.status === 'pending' ? null : state;
  return {
    id,
    command_id: commandId,
    version,
    status: state.status,
    kind,
    command: reviewed.text,
    command_sha256: reviewed.sha256,
    command_escaped: reviewed.escaped,
    original_command: original?.text ?? null,
    ...{ shell, cwd, target, agent },
    session_id: request.sessionId,
    reason: request.reason,
    context: request.context as z.infer<typeof SubmissionContext> | null,
    risk: reviewed.risk,
    analysis: reviewed.analysis,
    requirement: presentRequirement(request, votes),
    votes: votes.map((vote) => presentVote(request, vote)),
    encrypted: request.encrypted,
    created_at: timestamp(request.createdAt),
    deadline_at: timestamp(request.deadlineAt),
    closed_at: closed && timestamp(closed.closedAt),
    close_reason: closed?.closeReason ?? null,
  };
}

/** What the agent asked for, before anybody touched it: the same from the first event to the last answer. */
export function presentRecord(request: HeldRequest): CommandRecord {
  const { commandId, ref, kind, reviewed, shell, cwd, target, agent, sessionId, reason, context, id } = request;
  const asked = request.original ?? reviewed;
  return {
    id: commandId,
    ref,
    kind,
    command: asked.text,
    command_sha256: asked.sha256,
    ...{ shell, cwd, target, agent },
    session_id: sessionId,
    reason,
    context,
    approval_id: id,
    risk: asked.risk,
    created_at: timestamp(request.createdAt),
  };
}

/** The command as its agent and the history see it. What may run is `decision.command`: a reviewer may have edited it. */
export function presentCommand(request: HeldRequest, votes: readonly CastVote[]): Command {
  const { state, execution } = request;
  const started = execution.kind === 'started' || execution.kind === 'finished';
  return {
    ...presentRecord(request),
    status: state.status,
    requirement: presentRequirement(request, votes),
    deadline_at: timestamp(request.deadlineAt),
    decision: state.status === 'pending' ? null : state.decision,
    started_at: started ? timestamp(execution.grant.issuedAt) : null,
    result: execution.kind === 'finished' ? execution.result : null,
  };
}

function presentRequirement(request: HeldRequest, votes: readonly CastVote[]): Approval['requirement'] {
  const { requirement } = request.reviewed;
  const approvers = votes.filter((vote) => vote.verb === 'approve' && !isVoid(request, vote)).map(({ voter }) => voter);
  return { ...requirement, missing: missingApprovals(requirement, approvers) };
}

function presentVote(request: HeldRequest, vote: CastVote): Vote {
  const { id, verb, voter, version, sha256, reason, editedText, remember, at } = vote;
  return {
    id,
    verb,
    voter: { id: voter.id, name: voter.name, roles: [...voter.roles] },
    version,
    command_sha256: sha256,
    reason,
    edited_command: editedText,
    remember,
    at: timestamp(at),
    void: isVoid(request, vote),
  };
}
