import { escapeText } from '@expacti/shell';
import { useEffect } from 'react';
import { serverNow } from '../time/server-clock.js';
import { announce } from '../ui/announcer.js';
import { currentQueue } from './read-queue.js';
import { rowView } from './row-view.js';

const WARN_MS = 10_000;

/** Says aloud, once each, which requests have less than ten seconds left. */
export function useDeadlineCalls(): void {
  useEffect(() => {
    const called = new Set<string>();
    const timer = setInterval(() => {
      const now = serverNow();
      // Both are RFC 3339 in UTC with milliseconds, so they compare as text: ten thousand in well under a millisecond.
      const soon = new Date(now + WARN_MS).toISOString();
      const present = new Date(now).toISOString();
      const ending = [...currentQueue().pending.values()].filter(
        (approval) => approval.deadline_at <= soon && approval.deadline_at > present && !called.has(approval.id),
      );
      const [first] = ending;
      if (!first) return;
      for (const { id } of ending) called.add(id);
      announce(
        ending.length === 1
          ? `Ten seconds left to decide on ${escapeText(rowView(first).headline)}`
          : `Ten seconds left for ${ending.length} requests`,
        'assertive',
      );
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
}
