import type { Approval, RiskLevel } from '../api/types.js';

export const QUEUE_SORTS = ['risk', 'deadline', 'newest'] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];

export const RISK_RANK: Record<RiskLevel, number> = { low: 0, medium: 1, high: 2, critical: 3 };

/** Worst first, then what runs out first; or by the deadline alone; or the newest first. Ids settle ties. */
export function orderQueue(approvals: readonly Approval[], sort: QueueSort): Approval[] {
  return approvals.toSorted((a, b) => compareBy(sort, a, b) || compareText(a.id, b.id));
}

function compareBy(sort: QueueSort, a: Approval, b: Approval): number {
  switch (sort) {
    case 'risk':
      return RISK_RANK[b.risk.level] - RISK_RANK[a.risk.level] || compareText(a.deadline_at, b.deadline_at);
    case 'deadline':
      return compareText(a.deadline_at, b.deadline_at);
    case 'newest':
      return compareText(b.created_at, a.created_at);
  }
}

/** RFC 3339 in UTC with milliseconds sorts as text. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
