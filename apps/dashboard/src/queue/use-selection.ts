import { useCallback, useMemo, useState } from 'react';
import type { QueueState } from './queue-state.js';

/** Which requests are ticked. One that closes falls out by itself: nobody decides on what is gone. */
export function useSelection(state: QueueState) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const selected = useMemo(
    () => (ticked.size === 0 ? ticked : new Set([...ticked].filter((id) => state.pending.has(id)))),
    [ticked, state.pending],
  );
  const select = useCallback((ids: string[], on: boolean) => {
    setTicked((current) => {
      const next = new Set(current);
      for (const id of ids) {
        if (on) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  }, []);
  const clear = useCallback(() => setTicked(new Set()), []);
  return { selected, select, clear };
}
