/** One thing about a request that makes it riskier. */
export interface RiskSignal {
  /** 0–100: the score that this alone would give. */
  weight: number;
  /** A sentence for the reviewer. */
  reason: string;
  /** Can what it does be undone? Absent where it says nothing about that. */
  reversible?: 'yes' | 'partly' | 'no';
}

/** The weight of what makes nothing riskier. */
export const HARMLESS = 5;
/** The most that a command which only looks may weigh. */
export const LOOKING = 15;
