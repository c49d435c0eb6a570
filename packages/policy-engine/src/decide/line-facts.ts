import type { Analysis } from '@expacti/shell';
import { ONE_APPROVER, type Requirement, requirementFor } from '../approval/requirement.js';
import { baseName } from '../guard/program-name.js';
import { assessRisk } from '../risk/assess-risk.js';
import type { RiskLevel } from '../risk/risk.js';
import type { Applicability } from './applicability.js';

/** What judging asks about the request as a whole; worked out only where a rule or policy needs it. */
export class LineFacts {
  private cached: Requirement | null = null;

  constructor(
    private readonly applicability: Applicability,
    private readonly analysis: Analysis | null,
  ) {}

  /** The approval that the policies ask for. */
  get requirement(): Requirement {
    this.cached ??= this.compute();
    return this.cached;
  }

  private compute(): Requirement {
    const { snapshot, request, targetGroups } = this.applicability;
    const { policies } = snapshot.settings;
    if (policies.length === 0) return ONE_APPROVER;
    let level: RiskLevel | null = null;
    return requirementFor(policies, {
      agent_id: request.agent_id,
      target_group_ids: targetGroups,
      programs: programsOf(this.analysis),
      riskLevel: () => {
        level ??= assessRisk(request, this.analysis, {
          production: typeof request.target === 'string' && snapshot.settings.productionTargets.has(request.target),
        }).level;
        return level;
      },
    });
  }
}

function programsOf(analysis: Analysis | null): string[] {
  if (analysis === null) return [];
  return analysis.commands.flatMap(({ words }) => {
    const program = words[0]?.literal;
    return typeof program === 'string' ? [baseName(program)] : [];
  });
}
