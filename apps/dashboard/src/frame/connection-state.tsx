import type { Connection } from '../api/connection.js';
import { connection } from '../api/live.js';
import { clockTime } from '../time/relative-time.js';
import { classNames } from '../ui/class-names.js';
import { useStore } from '../ui/store.js';

const shapes: Record<Connection['state'], string> = {
  live: 'bg-low rounded-full',
  connecting: 'bg-ink-faint rounded-full pulse-shape',
  reconnecting: 'bg-medium rounded-small pulse-shape',
  'catching-up': 'bg-medium rounded-small pulse-shape',
  stale: 'bg-critical rounded-none',
};

/** Honest words for how fresh the page is. */
function wordsFor(current: Connection): { short: string; long: string } {
  switch (current.state) {
    case 'live':
      return { short: 'Live', long: 'Connected: changes appear as they happen.' };
    case 'connecting':
      return { short: 'Connecting', long: 'Opening the stream of changes.' };
    case 'reconnecting':
      return {
        short: 'Reconnecting',
        long: `The stream broke at ${clockTime(current.since)}. Deciding waits until it is back.`,
      };
    case 'catching-up':
      return { short: 'Catching up', long: 'Connected again; reading what happened meanwhile.' };
    case 'stale':
      return {
        short: `Stale since ${clockTime(current.since)}`,
        long: 'Nothing has been heard from the server for a while. What you see may be wrong, so deciding is off.',
      };
  }
}

export function ConnectionState() {
  const current = useStore(connection);
  const words = wordsFor(current);
  return (
    <div
      role="status"
      title={words.long}
      className="flex items-center gap-1.5 text-small text-ink-soft whitespace-nowrap"
    >
      <span aria-hidden="true" className={classNames('size-2 shrink-0', shapes[current.state])} />
      {words.short}
      <span className="sr-only">. {words.long}</span>
    </div>
  );
}

/** Across the page while decisions are off. */
export function StaleBanner() {
  const current = useStore(connection);
  if (current.state !== 'stale') return null;
  return (
    <div role="alert" className="shrink-0 px-4 py-1.5 bg-critical-soft text-critical font-medium">
      {wordsFor(current).long} Reconnecting goes on by itself.
    </div>
  );
}
