import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Session } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { Badge } from '../ui/badge.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { Segmented } from '../ui/segmented.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';

/** Agents at work, now and before. */
export function SessionsPage() {
  const search = useSearch({ from: '/frame/sessions' });
  const navigate = useNavigate();
  const filters = { agent_id: search.agent, active: search.active };
  const query = useInfiniteQuery({
    queryKey: keys.sessionList(filters),
    queryFn: ({ pageParam, signal }) =>
      call('GET /sessions', { query: { ...filters, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const sessions = query.data?.pages.flatMap((page) => page.data);
  return (
    <Page title="Sessions" lead="A session is one piece of an agent’s work: what it asked for stands together.">
      <div className="mb-3">
        <Segmented
          legend="Which"
          hideLegend
          value={search.active === 'true' ? 'true' : 'all'}
          choices={[
            { value: 'all', label: 'All' },
            { value: 'true', label: 'At work now' },
          ]}
          onChange={(active) =>
            void navigate({
              to: '/sessions',
              search: { ...(search.agent && { agent: search.agent }), ...(active === 'true' && { active }) },
              replace: true,
            })
          }
        />
      </div>
      {query.isError && !sessions ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : !sessions ? (
        <LoadingRows what="sessions" />
      ) : sessions.length === 0 ? (
        <Empty title={search.active ? 'No agent is at work' : 'No session yet'}>
          A session begins when an agent connects.
        </Empty>
      ) : (
        <>
          <ul className="border-t border-line">
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
          <MoreButton query={query} />
        </>
      )}
    </Page>
  );
}

function SessionRow({ session }: { session: Session }) {
  return (
    <li className="border-b border-line">
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId: session.id }}
        className="grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_14rem_6rem_6rem] gap-x-3 items-center px-2 py-2 min-h-11 hover:bg-hover"
      >
        <span className="truncate font-medium">
          {session.name ? (
            <InertText text={session.name} />
          ) : (
            <span className="font-mono text-small">{session.id}</span>
          )}
        </span>
        <span className="truncate text-ink-soft max-sm:row-start-2">
          <InertText text={session.agent.name} />
          {session.target && (
            <>
              {' → '}
              <InertText text={session.target} />
            </>
          )}
        </span>
        <span>{session.ended_at === null ? <Badge tone="low">at work</Badge> : <Badge>ended</Badge>}</span>
        <TimeAgo at={session.started_at} className="text-small text-ink-faint text-right" />
      </Link>
    </li>
  );
}
