import type { Analysis } from '@expacti/shell';
import type { DecisionRequest } from '../request.js';
import { type Risk, riskLevelOf, type TargetFacts } from './risk.js';

/** Assesses how much harm a request could do. */
export function assessRisk(request: DecisionRequest, analysis: Analysis | null, target: TargetFacts = {}): Risk {
  const score =
    (analysis?.parseable === false ? 50 : 10) +
    (target.production === true ? 15 : 0) +
    (request.kind === 'command' ? 0 : 5);
  return { score, level: riskLevelOf(score), reversible: 'partly', reasons: [] };
}
