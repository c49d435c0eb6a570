import type { EditedText, EventPayload, Remember, VoteVerb } from '@expacti/contracts';
import { closeRequest } from './close-request.js';
import { canContribute, isSatisfied, missingApprovals } from './missing-approvals.js';
import { type Refusal, refuse } from './refusal.js';
import { type CastVote, type HeldRequest, isVoid, type Voter } from './request.js';

/** Edits of one request; after that somebody denies it and the agent submits anew. */
export const MAX_EDITS = 20;

/** What a person said, before it is known whether it counts. */
export interface Ballot {
  readonly verb: VoteVerb;
  readonly version: number;
  readonly sha256: string;
  readonly reason: string | null;
  readonly edited: EditedText | null;
  readonly remember: Remember | null;
}

/** The rule that a closing asks for, as the closing's event carries it. */
export type RememberedRule = EventPayload<'approval.closed'>['data']['remember'];

export interface Voted {
  readonly kind: 'voted';
  readonly request: HeldRequest;
  readonly vote: CastVote;
  readonly remember: RememberedRule;
}

/**
 * Applies one person's vote to a pending request that is not overdue.
 * @param earlier every vote cast so far, void ones included, oldest first
 */
export function castVote(
  request: HeldRequest,
  earlier: readonly CastVote[],
  voter: Voter,
  ballot: Ballot,
  { id, now }: { id: string; now: number },
): Voted | Refusal {
  const refusal = whyRefused(request, earlier, voter, ballot);
  if (refusal) return refusal;
  const edited = ballot.edited === null ? request : edit(request, ballot.edited);
  const vote: CastVote = {
    id,
    verb: ballot.verb,
    voter,
    version: edited.version,
    sha256: edited.reviewed.sha256,
    reason: ballot.reason,
    editedText: edited === request ? null : edited.reviewed.text,
    remember: ballot.remember,
    at: now,
  };
  const counting = [...earlier.filter((other) => !isVoid(edited, other)), vote];
  const decided = decide(edited, counting, vote, now);
  const closed = decided.state.status !== 'pending';
  return { kind: 'voted', request: decided, vote, remember: closed ? remembered(decided, counting, vote) : null };
}

function whyRefused(
  request: HeldRequest,
  earlier: readonly CastVote[],
  voter: Voter,
  ballot: Ballot,
): Refusal | undefined {
  const { state, version, reviewed } = request;
  if (state.status !== 'pending') return refuse('ALREADY_CLOSED', `The request was ${state.status} before this vote.`);
  if (ballot.version !== version)
    return refuse(
      'STALE_VERSION',
      `The request is at version ${version} now; the vote is for version ${ballot.version}.`,
    );
  if (ballot.sha256 !== reviewed.sha256)
    return refuse('TEXT_MISMATCH', `The text that is pending has the SHA-256 ${reviewed.sha256}.`);
  // Whoever approved may still think better of it: a denial counts from anybody, at any time before the end.
  if (ballot.verb === 'approve' && earlier.some((vote) => vote.voter.id === voter.id && !isVoid(request, vote)))
    return refuse('ALREADY_VOTED', 'You voted on this version before; each person counts once.');
  return ballot.verb === 'approve' ? whyNotApproved(request, voter, ballot) : whyNotDenied(ballot);
}

function whyNotApproved(request: HeldRequest, voter: Voter, { edited }: Ballot): Refusal | undefined {
  if (request.agentOwnerId === voter.id && !request.onePersonApproval)
    return refuse('OWN_AGENT', 'You created this agent, so somebody else has to approve what it asks for.');
  const requirement = edited?.requirement ?? request.reviewed.requirement;
  if (!canContribute(requirement, voter)) {
    const names = [...requirement.roles, ...requirement.groups].join(', ');
    return refuse('FORBIDDEN', `An approval policy lets only these approve it: ${names}.`);
  }
  if (edited === null) return undefined;
  if (request.kind !== 'command') return refuse('NOT_SUPPORTED', 'Only shell commands can be edited.');
  if (request.encrypted) return refuse('NOT_SUPPORTED', 'An encrypted command cannot be edited.');
  if (request.version > MAX_EDITS)
    return refuse('INVALID', `It was edited ${MAX_EDITS} times. Deny it, and let the agent ask anew.`);
  return undefined;
}

const whyNotDenied = ({ edited }: Ballot): Refusal | undefined =>
  edited === null ? undefined : refuse('INVALID', 'A denial cannot edit the command.');

/** A new version under a new judgement. The same text again is no edit. */
function edit(request: HeldRequest, edited: EditedText): HeldRequest {
  const { reviewed } = request;
  if (edited.command === reviewed.text) return request;
  const original = request.original ?? { text: reviewed.text, sha256: reviewed.sha256, risk: reviewed.risk };
  const { command: text, sha256, escaped, analysis, risk, requirement } = edited;
  return {
    ...request,
    version: request.version + 1,
    original,
    reviewed: { text, sha256, escaped, analysis, risk, requirement },
  };
}

function decide(request: HeldRequest, counting: readonly CastVote[], vote: CastVote, now: number): HeldRequest {
  const { reason } = vote;
  if (vote.verb === 'deny')
    return closeRequest(request, { outcome: 'denied', closeReason: 'reviewer', reason, reviewers: [vote.voter] }, now);
  const approvers = counting.filter(({ verb }) => verb === 'approve').map(({ voter }) => voter);
  if (!isSatisfied(missingApprovals(request.reviewed.requirement, approvers))) return request;
  return closeRequest(request, { outcome: 'allowed', closeReason: 'reviewer', reason, reviewers: approvers }, now);
}

/**
 * The rule that the outcome makes: the deciding vote's, or else the last one that a counting vote proposed. Only people
 * who asked for this very rule stand behind it: approving a command is not approving a rule.
 */
function remembered(request: HeldRequest, counting: readonly CastVote[], deciding: CastVote): RememberedRule {
  const agreeing = counting.filter(({ verb }) => verb === deciding.verb);
  const proposal = [...agreeing].reverse().find(({ remember }) => remember !== null);
  if (!proposal?.remember) return null;
  const wanted = JSON.stringify(proposal.remember);
  const behind = agreeing.filter(({ remember }) => JSON.stringify(remember) === wanted).map(({ voter }) => voter);
  return {
    rule: proposal.remember,
    effect: deciding.verb === 'approve' ? 'allow' : 'deny',
    by: { id: proposal.voter.id, name: proposal.voter.name },
    approved_for: {
      approvers: behind.length,
      roles: [...new Set(behind.flatMap(({ roles }) => roles))],
      groups: [...new Set(behind.flatMap(({ groups }) => groups))],
    },
    command: request.reviewed.text,
    shell: request.shell,
    cwd: request.cwd,
  };
}
