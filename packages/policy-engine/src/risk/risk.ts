export type RiskLevel = 'low' | 'medium' | 'high' | 'critical';

/** How much harm a request could do. It orders the queue and chooses policies; it never allows anything. */
export interface Risk {
  /** 0–100. */
  score: number;
  level: RiskLevel;
  /** Can it be undone? */
  reversible: 'yes' | 'partly' | 'no';
  /** Sentences, the weightiest first. */
  reasons: string[];
}

/** Facts about where the request would run. */
export interface TargetFacts {
  production?: boolean;
}

export function riskLevelOf(score: number): RiskLevel {
  if (score >= 80) return 'critical';
  if (score >= 50) return 'high';
  return score >= 25 ? 'medium' : 'low';
}
