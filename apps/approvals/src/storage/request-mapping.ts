import type { CastVote, Execution, HeldRequest, RequestState } from '../domain/request.js';
import type { RequestRow } from './request-row.js';
import type { VoteRow } from './vote-row.js';

/** The row of a request, without what the store itself keeps: the revision, its moment, and the fingerprint. */
export type RequestColumns = Omit<RequestRow, 'version' | 'updatedAt' | 'fingerprint'>;

export function requestColumns(request: HeldRequest): RequestColumns {
  const { agent, reviewed, state, execution, version: textVersion, ...rest } = request;
  const closed = state.status === 'pending' ? null : state;
  const grant = execution.kind === 'started' || execution.kind === 'finished' ? execution.grant : null;
  return {
    ...rest,
    status: state.status,
    agentId: agent.id,
    agentName: agent.name,
    textVersion,
    text: reviewed.text,
    textSha256: reviewed.sha256,
    textEscaped: reviewed.escaped,
    analysis: reviewed.analysis,
    risk: reviewed.risk,
    requirement: reviewed.requirement,
    closedAt: closed?.closedAt ?? null,
    closeReason: closed?.closeReason ?? null,
    decision: closed?.decision ?? null,
    withdrawnAt: execution.kind === 'withdrawn' ? execution.at : null,
    receiptJti: grant?.jti ?? null,
    receiptIssuedAt: grant?.issuedAt ?? null,
    receiptExpiresAt: grant?.expiresAt ?? null,
    result: execution.kind === 'finished' ? execution.result : null,
  };
}

export function requestOf(row: RequestRow): HeldRequest {
  const { id, commandId, org, agentOwnerId, sessionId, ref, kind, textVersion: version, original } = row;
  const { text, textSha256: sha256, textEscaped: escaped, analysis, risk, requirement } = row;
  const { shell, cwd, target, reason, encrypted, onePersonApproval } = row;
  const context = row.context as HeldRequest['context'];
  const { timeoutAction, createdAt, deadlineAt } = row;
  return {
    ...{ id, commandId, org, agentOwnerId, sessionId, ref, kind, version, original },
    agent: { id: row.agentId, name: row.agentName },
    reviewed: { text, sha256, escaped, analysis, risk, requirement },
    ...{ shell, cwd, target, reason, context, encrypted, onePersonApproval },
    ...{ timeoutAction, createdAt, deadlineAt },
    state: stateOf(row),
    execution: executionOf(row),
  };
}

function stateOf({ id, status, closedAt, closeReason, decision }: RequestRow): RequestState {
  if (status === 'pending') return { status };
  if (closedAt === null || closeReason === null || decision === null || decision.outcome !== status)
    throw new Error(`The row of ${id} is ${status} and lacks a decision that says so`);
  return { status, closedAt, closeReason, decision };
}

function executionOf(row: RequestRow): Execution {
  const { receiptJti: jti, receiptIssuedAt: issuedAt, receiptExpiresAt: expiresAt, withdrawnAt, result } = row;
  if (withdrawnAt !== null) return { kind: 'withdrawn', at: withdrawnAt };
  if (jti === null || issuedAt === null || expiresAt === null) return { kind: 'not_started' };
  const grant = { jti, issuedAt, expiresAt };
  return result === null ? { kind: 'started', grant } : { kind: 'finished', grant, result };
}

export function voteColumns(org: string, approvalId: string, vote: CastVote): VoteRow {
  const { id, verb, voter, version: textVersion, sha256: textSha256, reason, editedText, remember, at: castAt } = vote;
  return {
    id,
    org,
    approvalId,
    verb,
    voterId: voter.id,
    voter,
    textVersion,
    textSha256,
    reason,
    editedText,
    remember,
    castAt,
  };
}

export function voteOf(row: VoteRow): CastVote {
  const { id, verb, voter, textVersion: version, textSha256: sha256, reason, editedText, remember, castAt: at } = row;
  return { id, verb, voter, version, sha256, reason, editedText, remember, at };
}
