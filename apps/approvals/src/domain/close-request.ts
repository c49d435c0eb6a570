import type { CloseReason, DecisionSource } from '@expacti/contracts';
import type { Closed, HeldRequest } from './request.js';

export type ClosedRequest = HeldRequest & { readonly state: Closed };

interface Closing {
  readonly outcome: Closed['status'];
  readonly closeReason: CloseReason;
  readonly reason: string | null;
  readonly reviewers: readonly { readonly id: string; readonly name: string }[];
}

const SOURCES: Record<CloseReason, DecisionSource> = {
  reviewer: 'reviewer',
  timeout: 'timeout',
  cancelled: 'cancelled',
  policy: 'policy',
};

/** The request with its outcome. The decision repeats the exact text, so that nothing else need be looked up to run it. */
export function closeRequest(request: HeldRequest, closing: Closing, now: number): ClosedRequest {
  const { reviewed, original, shell, cwd, target } = request;
  return {
    ...request,
    state: {
      status: closing.outcome,
      closedAt: now,
      closeReason: closing.closeReason,
      decision: {
        outcome: closing.outcome,
        source: SOURCES[closing.closeReason],
        command: reviewed.text,
        edited: original !== null && original.text !== reviewed.text,
        shell,
        cwd,
        target,
        reason: closing.reason,
        rule_id: null,
        reviewers: closing.reviewers.map(({ id, name }) => ({ id, name })),
        risk: reviewed.risk,
        decided_at: new Date(now).toISOString(),
      },
    },
  };
}
