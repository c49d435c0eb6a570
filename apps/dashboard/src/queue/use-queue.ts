import { useQuery } from '@tanstack/react-query';
import { keys } from '../api/keys.js';
import { readQueue } from './read-queue.js';

/** The queue: read once, then kept by the stream; read anew after every reconnection. */
export function useQueue() {
  return useQuery({
    queryKey: keys.queue,
    queryFn: ({ signal }) => readQueue(signal),
    // The state holds Maps that are never changed in place, which structural sharing cannot compare.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}
