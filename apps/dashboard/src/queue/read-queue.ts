import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { queryClient } from '../api/query-client.js';
import type { Approval } from '../api/types.js';
import { serverNow } from '../time/server-clock.js';
import { emptyQueue, finishReading, type QueueState, takeIn } from './queue-state.js';

const PAGE = 200;
/** Requests that vanished between two readings are looked up one by one, as long as they are few. */
const MOST_LOOKED_UP = 20;

/** The queue as this page knows it now. */
export function currentQueue(): QueueState {
  return queryClient.getQueryData<QueueState>(keys.queue) ?? emptyQueue;
}

/** Takes in what the stream or an answer said, without reading the list again. */
export function receiveApprovals(approvals: Approval[]): void {
  if (approvals.length === 0) return;
  queryClient.setQueryData<QueueState>(keys.queue, takeIn(currentQueue(), approvals, serverNow(), true));
  for (const approval of approvals) {
    if (queryClient.getQueryData(keys.approval(approval.id)))
      queryClient.setQueryData(keys.approval(approval.id), approval);
  }
}

/**
 * Reads all that waits, page by page; the first page is shown while the others come. What the stream says meanwhile is
 * kept: closed requests stay closed, newer versions win.
 */
export async function readQueue(signal: AbortSignal): Promise<QueueState> {
  const startedAt = serverNow();
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await call('GET /approvals', {
      query: { status: 'pending', limit: PAGE, ...(cursor ? { cursor } : {}) },
      signal,
    });
    for (const approval of page.data) seen.add(approval.id);
    const taken = takeIn(currentQueue(), page.data, serverNow(), false);
    cursor = page.next_cursor ?? undefined;
    queryClient.setQueryData<QueueState>(keys.queue, {
      ...taken,
      phase: taken.phase === 'complete' ? 'complete' : 'partial',
    });
  } while (cursor);
  const { state, missed } = finishReading(currentQueue(), seen, startedAt);
  void learnFates(missed.slice(0, MOST_LOOKED_UP));
  return state;
}

async function learnFates(missed: Approval[]): Promise<void> {
  const fates = await Promise.allSettled(missed.map(({ id }) => call('GET /approvals/{id}', { params: { id } })));
  receiveApprovals(fates.flatMap((fate) => (fate.status === 'fulfilled' ? [fate.value] : [])));
}
