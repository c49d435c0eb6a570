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
import { RuleSnapshots } from '../freshness/rule-snapshots.js';
import { requireAccess } from '../http/route-guard.js';
import { escapedText, judge, wireAnalysis, wireRequirement } from '../judgement/judgement.js';

type Ballot = Omit<ApproveRequest, 'remember'> & Pick<DenyRequest, 'remember'>;

/** Casts votes. An edited text is judged anew here, where the rules are, before the vote goes to the queue. */
@Injectable()
export class VotingService {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async vote(principal: UserPrincipal, id: string, verb: VoteVerb, ballot: Ballot): Promise<Approval> {
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
    const edited = edited_command === undefined ? null : await this.#judgeEdit(principal, id, edited_command);
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

  /** What a rule denies stays denied: editing is no way around it. */
  async #judgeEdit(principal: UserPrincipal, id: string, command: string) {
    const approval = await this.rpc.ask('approvals.get', { principal, id });
    if (approval.kind !== 'command') throw new ExpactiError('INVALID', 'Only shell commands can be edited.');
    const rules = await this.snapshots.get(principal.org);
    const target = rules.targets.find(({ name }) => name === approval.target) ?? null;
    const submission = { kind: 'command' as const, command, ...(approval.cwd === null ? {} : { cwd: approval.cwd }) };
    const { shell, session_id: sessionId } = approval;
    const judgement = judge(
      rules,
      { submission, shell, target, agentId: approval.agent.id, sessionId },
      this.clock.now(),
    );
    if (judgement.decision.verdict === 'deny')
      throw new ExpactiError(
        'RULE_INVALID',
        `A rule denies the edited command: ${judgement.decision.reasons.join('; ')}`,
      );
    return {
      command,
      sha256: judgement.textSha256,
      escaped: escapedText(command),
      analysis: wireAnalysis(judgement, submission, shell),
      risk: judgement.risk,
      requirement: wireRequirement(judgement),
    };
  }
}
