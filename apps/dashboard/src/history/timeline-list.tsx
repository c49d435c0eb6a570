import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Timeline } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { clockTime, exactTime } from '../time/relative-time.js';
import { JsonTree } from '../ui/json-tree.js';
import { Failure, LoadingRows } from '../ui/states.js';
import { timelineWords } from './timeline-words.js';

/** Each step of a command's story, in order. */
export function TimelineList({ commandId }: { commandId: string }) {
  const timeline = useQuery({
    queryKey: keys.timeline(commandId),
    queryFn: ({ signal }) => call('GET /commands/{id}/timeline', { params: { id: commandId }, signal }),
  });
  if (timeline.isError) return <Failure error={timeline.error} onRetry={() => void timeline.refetch()} />;
  if (!timeline.data) return <LoadingRows what="the timeline" rows={4} />;
  if (timeline.data.data.length === 0)
    return <p className="text-ink-faint">Nothing has been written down yet; it takes a moment.</p>;
  return (
    <ol className="border-l-2 border-line ml-1.5">
      {timeline.data.data.map((entry) => (
        <TimelineRow key={`${entry.at} ${entry.action}`} entry={entry} />
      ))}
    </ol>
  );
}

function TimelineRow({ entry }: { entry: Timeline['data'][number] }) {
  const words = timelineWords(entry);
  const moment = Date.parse(entry.at);
  return (
    <li className="relative pl-5 pb-4 last:pb-0">
      <span aria-hidden="true" className="absolute -left-[5px] top-1.5 size-2 rounded-full bg-ink-faint" />
      <div className="flex flex-wrap gap-x-3 items-baseline">
        <span className="font-medium">{words.title}</span>
        <span className="text-ink-soft">
          {entry.actor.kind === 'system' ? 'expacti' : <InertText text={entry.actor.name} />}
        </span>
        <time dateTime={entry.at} title={exactTime(moment)} className="text-small text-ink-faint tabular-nums ml-auto">
          {clockTime(moment)}
        </time>
      </div>
      {words.detail && (
        <p className="text-ink-soft wrap-anywhere">
          <InertText text={words.detail} />
        </p>
      )}
      {words.quote && (
        <blockquote className="text-ink-soft wrap-anywhere">
          “<InertText text={words.quote} prose multiline />”
        </blockquote>
      )}
      {Object.keys(entry.data).length > 0 && (
        <details className="mt-0.5">
          <summary className="text-small text-ink-faint">What was written down</summary>
          <div className="p-2 rounded-control bg-sunken">
            <JsonTree value={entry.data} />
          </div>
        </details>
      )}
    </li>
  );
}
