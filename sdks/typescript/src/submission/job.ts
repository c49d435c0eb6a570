import type { Command, Decision, Requirement, Risk, Submission } from '../wire/types.js';

/** The request waits for a person. */
export interface PendingNotice {
  commandId: string;
  approvalId: string;
  /** RFC 3339. */
  deadlineAt: string;
  reviewUrl: string;
  requirement: Requirement;
  risk: Risk;
}

/** While it waits: votes came in, or the deadline moved. */
export interface UpdateNotice {
  commandId: string;
  deadlineAt: string;
  /** What is still needed. */
  requirement: Requirement;
}

export interface SubmissionObserver {
  onPending?: (notice: PendingNotice) => void;
  onUpdate?: (notice: UpdateNotice) => void;
}

/** One request on its way to a decision, across connections and transports. */
export interface Job {
  /** Our own name for it, echoed by the server. */
  readonly ref: string;
  /** The same for every attempt: a repeated submission is the same command. */
  readonly idempotencyKey: string;
  readonly body: Submission;
  readonly observer: SubmissionObserver;
  readonly signal: AbortSignal | undefined;
  /** Known once the server has answered. */
  commandId: string | undefined;
  /** The sessions in which it was submitted. */
  readonly sessionIds: Set<string | null>;
  pendingTold: boolean;
  /** Submitting without an answer yet; a withdrawal waits for it. */
  submitting: Promise<Command> | undefined;
}

/** A decision as it came over the wire, not verified yet. */
export interface Settled {
  commandId: string;
  decision: Decision;
  receipt: string | undefined;
  /** Who we are, where the server said so. */
  org: string | undefined;
  agent: string | undefined;
}

export function tellPending(job: Job, notice: PendingNotice): void {
  job.commandId = notice.commandId;
  if (job.pendingTold) {
    job.observer.onUpdate?.(notice);
  } else {
    job.pendingTold = true;
    job.observer.onPending?.(notice);
  }
}
