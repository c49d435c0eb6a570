import { createHash } from 'node:crypto';
import { type Approval, ExpactiError, ID_PREFIXES, type RpcHandled, type UserPrincipal } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { type Ballot, castVote } from '../domain/cast-vote.js';
import type { Voter } from '../domain/request.js';
import { presentApproval } from '../wire/present.js';
import { outcomeFact, votedFact } from '../wire/request-facts.js';
import { RequestChanges } from './request-changes.js';

/** Takes the votes of people. */
@Injectable()
export class Voting {
  constructor(@Inject(RequestChanges) private readonly changes: RequestChanges) {}

  async vote(request: RpcHandled<'approvals.vote'>): Promise<Approval> {
    const { principal, id, verb, version, command_sha256: sha256, reason, edited, remember } = request;
    requirePermissions(principal, remember !== null);
    if (edited !== null && sha256Of(edited.command) !== edited.sha256)
      throw new ExpactiError('INVALID', 'edited.sha256: is not the SHA-256 of the edited command');
    const ballot: Ballot = { verb, version, sha256, reason, edited, remember };
    const voteId = newId(ID_PREFIXES.vote);
    const current = await this.changes.apply({ org: principal.org, id }, (seen, now) => {
      const voted = castVote(seen.request, seen.votes, voterOf(principal), ballot, { id: voteId, now });
      if (voted.kind === 'refused') return voted;
      const { request: next, vote } = voted;
      const votes = [...seen.votes, vote];
      const facts = [votedFact(next, vote, now), outcomeFact(next, votes, vote, voted.remember, now)];
      return { kind: 'changed', request: next, vote, facts };
    });
    if (current === null) throw new ExpactiError('NOT_FOUND');
    return presentApproval(current.request, current.votes);
  }
}

function requirePermissions({ permissions }: UserPrincipal, remembers: boolean): void {
  if (!permissions.includes('approvals:decide'))
    throw new ExpactiError('FORBIDDEN', 'Deciding needs the permission approvals:decide.');
  if (remembers && !permissions.includes('rules:write'))
    throw new ExpactiError('FORBIDDEN', 'Making a rule of a decision needs the permission rules:write.');
}

const voterOf = ({ id, name, roles, groups }: UserPrincipal): Voter => ({ id, name, roles, groups });

const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
