import type { Approval, Command, CommandRecord, Decision } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';

/** A command that a rule decided. Its receipt was minted with the decision, so it counts as started then. */
export function commandFromRecord(record: CommandRecord, decision: Decision, now: number): Command {
  const { receipt: _, ...kept } = decision;
  return {
    ...record,
    status: decision.outcome,
    decision: kept,
    started_at: decision.outcome === 'allowed' ? timestamp(now) : null,
    result: null,
  };
}

/** The page on which a person decides about it. */
export const reviewUrl = (publicUrl: string, approvalId: string): string => `${publicUrl}/app/queue/${approvalId}`;

/** What a pending command adds for whoever waits. */
export function pendingFields(publicUrl: string, approval: Approval) {
  const { deadline_at, requirement, id } = approval;
  return { deadline_at, requirement, review_url: reviewUrl(publicUrl, id) };
}
