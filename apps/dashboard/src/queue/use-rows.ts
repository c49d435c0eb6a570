import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { serverNow } from '../time/server-clock.js';
import { filterQueue, type QueueSearch } from './queue-filter.js';
import { orderQueue } from './queue-order.js';
import { CLOSED_ROW_MS, type QueueState, shownRows } from './queue-state.js';

/** Filtered and ordered rows; recomputed when something changed, and when a closed row has stayed long enough. */
export function useRows(state: QueueState, search: QueueSearch, approvalId: string | undefined) {
  const now = useLingering(state);
  const settled = useDeferredValue(state);
  const { q, risk, agent, target, sort } = search;
  // A closed row stays while it is looked at. Otherwise moving the selection orders nothing anew.
  const lookedAt = approvalId !== undefined && settled.closed.has(approvalId) ? approvalId : undefined;
  const rows = useMemo(() => {
    const filters: QueueSearch = {
      ...(q && { q }),
      ...(risk && { risk }),
      ...(agent && { agent }),
      ...(target && { target }),
    };
    return orderQueue(filterQueue(shownRows(settled, now, lookedAt), filters), sort ?? 'risk');
  }, [settled, now, lookedAt, q, risk, agent, target, sort]);
  const pending = useMemo(() => [...settled.pending.values()], [settled.pending]);
  return { rows, pending };
}

/** The moment to judge closed rows by; moves on when the next of them has stayed its time. */
function useLingering(state: QueueState): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const current = serverNow();
    const ends = [...state.closed.values()].map((row) => row.noticedAt + CLOSED_ROW_MS).filter((end) => end > now);
    if (ends.length === 0) return;
    const timer = setTimeout(() => setNow(serverNow()), Math.max(50, Math.min(...ends) - current + 20));
    return () => clearTimeout(timer);
  }, [state.closed, now]);
  return now;
}
