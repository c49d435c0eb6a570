import type { Approval } from '../api/types.js';

/** A request that is no longer waiting, and since when this page knows. */
export interface ClosedRow {
  approval: Approval;
  noticedAt: number;
}

/** What this page knows of the queue. Never changed in place. */
export interface QueueState {
  pending: ReadonlyMap<string, Approval>;
  /** Closed while this page was open. A request never reopens, so a late page of the list cannot bring one back. */
  closed: ReadonlyMap<string, ClosedRow>;
  /** When a request came in over the stream, for the short highlight. */
  arrivedAt: ReadonlyMap<string, number>;
  /** `partial`: the first page is here, more are on their way. */
  phase: 'loading' | 'partial' | 'complete';
}

export const emptyQueue: QueueState = { pending: new Map(), closed: new Map(), arrivedAt: new Map(), phase: 'loading' };

/** How long a row that closed elsewhere stays to say who decided. */
export const CLOSED_ROW_MS = 6_000;
/** Enough to keep every late page from reopening something; far more than anyone scrolls back. */
const CLOSED_KEPT = 2_000;

/** Takes in approvals from the list or the stream: the newer version of each wins, and closed stays closed. */
export function takeIn(state: QueueState, approvals: readonly Approval[], now: number, live: boolean): QueueState {
  const pending = new Map(state.pending);
  const closed = new Map(state.closed);
  const arrivedAt = new Map(state.arrivedAt);
  for (const approval of approvals) {
    const known = pending.get(approval.id);
    if (closed.has(approval.id)) continue;
    if (approval.status !== 'pending') {
      pending.delete(approval.id);
      closed.set(approval.id, { approval, noticedAt: now });
    } else if (!known || isNewer(approval, known)) {
      if (!known && live) arrivedAt.set(approval.id, now);
      pending.set(approval.id, approval);
    }
  }
  return { ...state, pending, closed: bounded(closed), arrivedAt: live ? recent(arrivedAt, now) : arrivedAt };
}

/** Votes and deadlines change without a new version; the later copy of one version is the better one. */
function isNewer(candidate: Approval, known: Approval): boolean {
  return (
    candidate.version > known.version ||
    (candidate.version === known.version && candidate.votes.length >= known.votes.length)
  );
}

/**
 * Ends a reading of the whole list: what was pending before the reading began, is not in it, and did not come over the
 * stream meanwhile, was closed while nobody told us.
 */
export function finishReading(
  state: QueueState,
  seen: ReadonlySet<string>,
  startedAt: number,
): { state: QueueState; missed: Approval[] } {
  const missed = [...state.pending.values()].filter(
    (approval) => !seen.has(approval.id) && (state.arrivedAt.get(approval.id) ?? 0) < startedAt,
  );
  if (missed.length === 0) return { state: { ...state, phase: 'complete' }, missed };
  const pending = new Map(state.pending);
  for (const approval of missed) pending.delete(approval.id);
  return { state: { ...state, pending, phase: 'complete' }, missed };
}

/** The rows to show: what waits, and what closed a moment ago or is being looked at. */
export function shownRows(state: QueueState, now: number, selectedId: string | undefined): Approval[] {
  const lingering = [...state.closed.values()]
    .filter((row) => now - row.noticedAt < CLOSED_ROW_MS || row.approval.id === selectedId)
    .map((row) => row.approval);
  return [...state.pending.values(), ...lingering];
}

function bounded(closed: Map<string, ClosedRow>): Map<string, ClosedRow> {
  if (closed.size <= CLOSED_KEPT) return closed;
  return new Map([...closed].slice(closed.size - CLOSED_KEPT));
}

function recent(arrivedAt: Map<string, number>, now: number): Map<string, number> {
  if (arrivedAt.size < 5_000) return arrivedAt;
  return new Map([...arrivedAt].filter(([, at]) => now - at < 60_000));
}
