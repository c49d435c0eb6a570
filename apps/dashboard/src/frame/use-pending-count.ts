import { useQueue } from '../queue/use-queue.js';

/** How many requests wait, as far as this page knows. */
export function usePendingCount(): number {
  return useQueue().data?.pending.size ?? 0;
}
