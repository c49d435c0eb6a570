import { exactTime, relativeTime } from '../time/relative-time.js';
import { useMinutes } from '../time/use-now.js';

/** "3 min ago", with the exact moment on hover. */
export function TimeAgo({ at, className }: { at: string; className?: string }) {
  const now = useMinutes();
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(moment)} className={className}>
      {relativeTime(moment, now)}
    </time>
  );
}
