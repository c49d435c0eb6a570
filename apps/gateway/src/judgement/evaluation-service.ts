import { type EvaluateRequest, type Evaluation, ExpactiError, type UserPrincipal } from '@expacti/contracts';
import { CLOCK, type Clock } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RuleSnapshots, toEngineRule } from '../freshness/rule-snapshots.js';
import { hypotheticalRule } from './hypothetical-rule.js';
import { judge, type ResolvedSubmission, wireAnalysis, wireRequirement } from './judgement.js';

/** "How would this be judged?", against the live snapshot, running nothing and telling nobody. */
@Injectable()
export class EvaluationService {
  constructor(
    @Inject(RuleSnapshots) private readonly snapshots: RuleSnapshots,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async evaluate(principal: UserPrincipal, request: EvaluateRequest): Promise<Evaluation> {
    const { org } = principal;
    const rules = request.rule
      ? await this.snapshots.supposing(org, toEngineRule(hypotheticalRule(request.rule, this.clock.now())))
      : await this.snapshots.get(org);
    const target = request.target
      ? rules.targets.find(({ id, name }) => id === request.target || name === request.target)
      : null;
    if (target === undefined)
      throw new ExpactiError('UNKNOWN_TARGET', `There is no target ${JSON.stringify(request.target)}.`);
    const shell = request.shell ?? target?.shell ?? 'bash';
    const submission = { kind: 'command' as const, command: request.command, cwd: request.cwd };
    const resolved: ResolvedSubmission = {
      submission,
      shell,
      target,
      agentId: request.agent_id ?? '',
      // Rules are tried as if somebody else had made them: whose agent it is matters when the agent asks.
      agentOwnerId: null,
      sessionId: null,
    };
    const judgement = judge(rules, resolved, this.clock.now());
    const { verdict, parseable, commands, reasons, rule_ids, shadow_rule_ids } = judgement.decision;
    const requirement = wireRequirement(judgement);
    return {
      verdict,
      parseable,
      commands,
      reasons,
      rule_ids,
      shadow_rule_ids,
      requirement: {
        ...requirement,
        missing: { approvers: requirement.require_n_approvers, roles: requirement.roles, groups: requirement.groups },
      },
      risk: judgement.risk,
      warnings: wireAnalysis(judgement).warnings,
    };
  }
}
