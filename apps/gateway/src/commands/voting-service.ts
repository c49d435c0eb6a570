import {
  type Approval,
  type ApproveRequest,
  type DenyRequest,
  ExpactiError,
  type UserPrincipal,
  type VoteVerb,
} from '@expacti/contracts';
import { CLOCK, type Clock, RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Credentials } from '../auth/credentials.js';
import { Freshness } from '../freshness/freshness.js';
import { IdentityLease, PolicyLease } from '../freshness/leases.js';
import { RuleSnapshots } from '../freshness/rule-snapshots.js';
import { requireAccess } from '../http/route-guard.js';
import { escapedText, type Judgement, judge, wireAnalysis, wireRequirement } from '../judgement/judgement.js';
import { submissionOfText } from '../judgement/submission-text.js';

type Ballot = Omit<ApproveRequest, 'remember'> & Pick<DenyRequest, 'remember'>;

const UNCONFIRMED =
  'It could not be confirmed that this person may still decide, or by which rules. No vote was cast; try again.';

/** Casts votes. An edited text is judged anew here, where the rules are, before the vote goes to the queue. */
@Injectable()
export class VotingService {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(PolicyLease) private readonly lease: PolicyLease,
    @Inject(IdentityLease) private readonly identityLease: IdentityLease,
    @Inject(Freshness) private readonly freshness: Freshness,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A decision in flight: a suspension or a new rule is said to be in force only when the votes before it are through. */
  vote(principal: UserPrincipal, id: string, verb: VoteVerb, ballot: Ballot): Promise<Approval> {
    return this.snapshots.inFlight.track(() => this.#vote(principal, id, verb, ballot));
  }

  async #vote(principal: UserPrincipal, id: string, verb: VoteVerb, ballot: Ballot): Promise<Approval> {
    const stretch = this.#stretch(verb);
    const { version, command_sha256, reason, edited_command, remember } = ballot;
    if (remember) {
      requireAccess(principal, ['rules:write']);
      const effect = verb === 'approve' ? 'allow' : 'deny';
      if (edited_command !== undefined)
        throw new ExpactiError(
          'INVALID',
          'An edited command is approved once; make a rule for the new text separately.',
        );
      await this.rpc.ask('policy.rules.check_remember', { principal, remember, effect, approval_id: id });
    }
    if (edited_command === undefined && verb === 'approve') await this.#refuseDenied(principal, id);
    const edited = edited_command === undefined ? null : await this.#judgeEdit(principal, id, edited_command);
    // Whatever was asked before may have taken its time; between this and the vote nothing is waited for.
    this.#confirm(principal, verb, stretch);
    return this.rpc.ask('approvals.vote', {
      principal,
      id,
      verb,
      version,
      command_sha256,
      reason: reason ?? null,
      edited,
      remember: remember ?? null,
    });
  }

  /** Names the time for which what this vote rests on is known without a break. A denial rests on no rule. */
  #stretch(verb: VoteVerb): number | null {
    if (verb === 'approve') return this.freshness.stretch();
    return this.identityLease.holds() ? this.identityLease.stretch : null;
  }

  /** Throws UNAUTHENTICATED for whoever was cut off meanwhile, UNAVAILABLE (retryable) where that cannot be told. */
  #confirm(principal: UserPrincipal, verb: VoteVerb, stretch: number | null): void {
    if (!this.credentials.stands(principal)) throw new ExpactiError('UNAUTHENTICATED');
    if (stretch === null || stretch !== this.#stretch(verb) || !this.credentials.isConfirmed(principal))
      throw new ExpactiError('UNAVAILABLE', UNCONFIRMED);
  }

  /** A deny rule that was made while the request waited is not outvoted; whoever wants it to run changes the rule. */
  async #refuseDenied(principal: UserPrincipal, id: string): Promise<void> {
    const approval = await this.rpc.ask('approvals.get', { principal, id });
    if (approval.status === 'pending' && !approval.encrypted)
      await this.#judgeAnew(principal, approval, approval.command);
  }

  async #judgeEdit(principal: UserPrincipal, id: string, command: string) {
    const approval = await this.rpc.ask('approvals.get', { principal, id });
    if (approval.kind !== 'command') throw new ExpactiError('INVALID', 'Only shell commands can be edited.');
    const judgement = await this.#judgeAnew(principal, approval, command);
    return {
      command,
      sha256: judgement.textSha256,
      escaped: escapedText(command),
      analysis: wireAnalysis(judgement),
      risk: judgement.risk,
      requirement: wireRequirement(judgement),
    };
  }

  /** What a rule denies stays denied: neither a vote nor an edit is a way around it. */
  async #judgeAnew(principal: UserPrincipal, approval: Approval, text: string): Promise<Judgement> {
    const rules = await this.snapshots.get(principal.org);
    if (!this.lease.holds())
      throw new ExpactiError('UNAVAILABLE', 'The rules could not be confirmed to be current. Try again.');
    const target = rules.targets.find(({ name }) => name === approval.target) ?? null;
    const { shell, session_id: sessionId, agent } = approval;
    const submission = submissionOfText(approval.kind, text, approval.cwd);
    // Whose rules could allow it does not matter any more: a person decides, and only a denial binds them.
    const resolved = { submission, shell, target, agentId: agent.id, agentOwnerId: null, sessionId };
    const judgement = judge(rules, resolved, this.clock.now());
    if (judgement.decision.verdict === 'deny')
      throw new ExpactiError('RULE_INVALID', `A rule denies this command: ${judgement.decision.reasons.join('; ')}`);
    return judgement;
  }
}
