import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Command, Session } from '../api/types.js';
import { CommandLine } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { OutcomeMark } from '../history/outcome-mark.js';
import { resultText } from '../history/timeline-words.js';
import { clockTime, elapsed, exactTime } from '../time/relative-time.js';
import { Badge } from '../ui/badge.js';
import { Identifier } from '../ui/copy-button.js';
import { Fact, FactList } from '../ui/facts.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';

/** One session: who, where, and what was asked for in it. */
export function SessionPage() {
  const { sessionId } = useParams({ from: '/frame/sessions/$sessionId' });
  const session = useQuery({
    queryKey: keys.session(sessionId),
    queryFn: ({ signal }) => call('GET /sessions/{id}', { params: { id: sessionId }, signal }),
  });
  return (
    <Page title={session.data?.name ? 'Session' : 'A session'}>
      {session.isError ? (
        <Failure error={session.error} onRetry={() => void session.refetch()} />
      ) : session.data ? (
        <SessionFacts session={session.data} />
      ) : (
        <LoadingRows what="the session" rows={3} />
      )}
      <h2 className="text-strong font-semibold mt-6 mb-2">What was asked for</h2>
      <SessionCommands sessionId={sessionId} />
    </Page>
  );
}

function SessionFacts({ session }: { session: Session }) {
  const labels = Object.entries(session.labels);
  return (
    <FactList>
      <Fact name="Name">{session.name ? <InertText text={session.name} /> : 'None given'}</Fact>
      <Fact name="Agent">
        <InertText text={session.agent.name} />
      </Fact>
      <Fact name="Target">{session.target ? <InertText text={session.target} /> : 'Not named'}</Fact>
      <Fact name="Client">
        {session.client ? <InertText text={`${session.client.name} ${session.client.version}`} /> : 'Unknown'}
      </Fact>
      <Fact name="Began">
        <TimeAgo at={session.started_at} />
      </Fact>
      <Fact name="State">
        {session.ended_at === null ? (
          <Badge tone="low">at work</Badge>
        ) : (
          <>
            ended <TimeAgo at={session.ended_at} />
          </>
        )}
      </Fact>
      {labels.length > 0 && (
        <Fact name="Labels">
          <span className="flex flex-wrap gap-1">
            {labels.map(([name, value]) => (
              <Badge key={name}>
                <InertText text={`${name}: ${value}`} />
              </Badge>
            ))}
          </span>
        </Fact>
      )}
      <Fact name="Id">
        <Identifier id={session.id} label="Copy the session’s id" />
      </Fact>
    </FactList>
  );
}

function SessionCommands({ sessionId }: { sessionId: string }) {
  const query = useInfiniteQuery({
    queryKey: [...keys.sessionCommands(sessionId), 'all'],
    queryFn: ({ pageParam, signal }) =>
      call('GET /sessions/{id}/commands', {
        params: { id: sessionId },
        query: { limit: 100, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const commands = query.data?.pages.flatMap((page) => page.data);
  if (query.isError && !commands) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!commands) return <LoadingRows what="its commands" />;
  if (commands.length === 0) return <Empty title="Nothing yet">This session has not asked for anything.</Empty>;
  return (
    <>
      <ol className="border-t border-line">
        {commands.map((command) => (
          <CommandRow key={command.id} command={command} />
        ))}
      </ol>
      <MoreButton query={query} />
    </>
  );
}

function CommandRow({ command }: { command: Command }) {
  const moment = Date.parse(command.created_at);
  return (
    <li className="border-b border-line">
      <Link
        to="/history/$commandId"
        params={{ commandId: command.id }}
        className="grid grid-cols-[4.5rem_minmax(0,1fr)] sm:grid-cols-[4.5rem_minmax(0,1fr)_12rem_9rem] gap-x-3 items-center px-2 py-1.5 min-h-10 hover:bg-hover"
      >
        <time
          dateTime={command.created_at}
          title={exactTime(moment)}
          className="text-small text-ink-faint tabular-nums"
        >
          {clockTime(moment)}
        </time>
        <CommandLine kind={command.kind} command={command.command} className="min-w-0" />
        <span className="max-sm:col-start-2">
          <OutcomeMark command={command} />
        </span>
        <span className="text-small text-ink-faint max-sm:col-start-2">
          {command.result ? `${resultText(command.result)}, ${elapsed(command.result.duration_ms)}` : ''}
        </span>
      </Link>
    </li>
  );
}
