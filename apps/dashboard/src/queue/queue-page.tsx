import { escapeText } from '@expacti/shell';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Approval } from '../api/types.js';
import { useKeys } from '../keyboard/use-keys.js';
import { serverNow } from '../time/server-clock.js';
import { announce } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { Bone, Empty, Failure, Loading, LoadingRows } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { ApprovalDetail } from './approval-detail.js';
import { neighbour, nextSelection } from './next-selection.js';
import { QueueEmpty } from './queue-empty.js';
import { filterQueue, isFiltered, type QueueSearch } from './queue-filter.js';
import { QueueList } from './queue-list.js';
import { orderQueue } from './queue-order.js';
import { CLOSED_ROW_MS, emptyQueue, type QueueState, shownRows } from './queue-state.js';
import { QueueToolbar } from './queue-toolbar.js';
import { rowView } from './row-view.js';
import { similarTo } from './similar.js';
import { useDeadlineCalls } from './use-deadline-calls.js';
import { lastDecided } from './use-decide.js';
import { useQueue } from './use-queue.js';
import { useSelection } from './use-selection.js';

const BulkDialog = lazy(() => import('./bulk-dialog.js'));

/** The queue: what waits on the left, all about one request on the right. */
export function QueuePage() {
  const { approvalId } = useParams({ from: '/frame/queue/{-$approvalId}' });
  const search = useSearch({ from: '/frame/queue/{-$approvalId}' });
  const queue = useQueue();
  const state = queue.data ?? emptyQueue;
  const { rows, pending } = useRows(state, search, approvalId);
  const navigate = useNavigate();
  const searchField = useRef<HTMLInputElement>(null);
  const { selected, select, clear } = useSelection(state);
  const [bulk, setBulk] = useState<'approve' | 'deny' | null>(null);
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const current = state.pending.get(approvalId ?? '') ?? state.closed.get(approvalId ?? '')?.approval;

  const go = (id: string | null, replace = false) => {
    void navigate({
      to: '/queue/{-$approvalId}',
      params: { approvalId: id ?? undefined },
      search,
      replace,
      resetScroll: false,
    });
  };
  const changeSearch = (change: Partial<QueueSearch>) => {
    void navigate({
      to: '/queue/{-$approvalId}',
      params: { approvalId },
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  };
  const afterDecision = (gone: Iterable<string>) => {
    const closed = new Set([...gone, ...state.closed.keys()]);
    go(approvalId === undefined ? null : nextSelection(ids, closed, approvalId), true);
  };
  const step = (direction: 1 | -1) => {
    const next = neighbour(ids, approvalId, direction);
    if (next === null || next === approvalId) return;
    const approval = rows.find(({ id }) => id === next);
    if (approval)
      announce(
        `${approval.risk.level} risk: ${escapeText(rowView(approval).headline)}, from ${escapeText(approval.agent.name)}`,
      );
    go(next, true);
  };
  useTitle(pending.length > 0 ? `(${pending.length}) Queue` : 'Queue');
  useDeadlineCalls();
  useFirstSelected(approvalId, ids, state.phase, go);
  useKeys({
    next: () => step(1),
    previous: () => step(-1),
    search: () => searchField.current?.focus(),
    select: () => approvalId && select([approvalId], !selected.has(approvalId)),
    'select-similar': () => current && select(similarTo(current, pending), true),
    'last-decided': () => lastDecided.get() && go(lastDecided.get()),
    ...(selected.size > 0 && { approve: () => setBulk('approve'), deny: () => setBulk('deny'), close: clear }),
    ...(selected.size === 0 && approvalId !== undefined && isNarrow() && { close: () => go(null) }),
  });

  if (queue.isError && state.phase === 'loading')
    return (
      <>
        <h1 className="sr-only">Queue</h1>
        <Failure error={queue.error} onRetry={() => void queue.refetch()} />
      </>
    );
  if (state.phase === 'loading') return <QueueLoading />;
  if (rows.length === 0 && approvalId === undefined && !isFiltered(search)) return <QueueEmpty />;
  const detailOpen = approvalId !== undefined;
  return (
    <div className="h-full flex min-h-0">
      <h1 className="sr-only">Queue</h1>
      <div
        className={classNames(
          'flex flex-col min-h-0 w-full lg:w-95 shrink-0 lg:border-r border-line',
          detailOpen && 'max-lg:hidden',
        )}
      >
        <QueueToolbar
          search={search}
          onChange={changeSearch}
          pending={pending}
          shown={rows.length}
          reading={state.phase === 'partial'}
          searchField={searchField}
        />
        {rows.length === 0 ? (
          <Empty
            title="Nothing matches"
            action={
              <Button
                onClick={() => changeSearch({ q: '', agent: '', target: '', risk: undefined } as Partial<QueueSearch>)}
              >
                Clear the filters
              </Button>
            }
          />
        ) : (
          <QueueList
            rows={rows}
            currentId={approvalId}
            selected={selected}
            arrivedAt={state.arrivedAt}
            search={search}
            onSelect={(id, on) => select([id], on)}
          />
        )}
        {selected.size > 0 && <BulkBar count={selected.size} onBulk={setBulk} onClear={clear} />}
      </div>
      <div className={classNames('flex-1 min-w-0 min-h-0', !detailOpen && 'max-lg:hidden')}>
        {approvalId === undefined ? (
          <Empty title="Choose a request">
            <p>
              <kbd>j</kbd> and <kbd>k</kbd> go through the list.
            </p>
          </Empty>
        ) : (
          <DetailOf
            key={approvalId}
            id={approvalId}
            known={current}
            search={search}
            bulk={selected.size > 0}
            onDecided={(approval) => afterDecision([approval.id])}
          />
        )}
      </div>
      {bulk && (
        <Suspense fallback={null}>
          <BulkDialog
            verb={bulk}
            approvals={pending.filter(({ id }) => selected.has(id))}
            onClose={(decided) => {
              setBulk(null);
              if (decided.length === 0) return;
              clear();
              if (approvalId !== undefined && decided.includes(approvalId)) afterDecision(decided);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function isNarrow(): boolean {
  return matchMedia('(width < 64rem)').matches;
}

/** Filtered and ordered rows; recomputed when something changed, and when a closed row has stayed long enough. */
function useRows(state: QueueState, search: QueueSearch, approvalId: string | undefined) {
  const now = useLingering(state);
  const settled = useDeferredValue(state);
  const { q, risk, agent, target, sort } = search;
  // A closed row stays while it is looked at. Otherwise moving the selection orders nothing anew.
  const lookedAt = approvalId !== undefined && settled.closed.has(approvalId) ? approvalId : undefined;
  const rows = useMemo(() => {
    const filters: QueueSearch = {
      ...(q && { q }),
      ...(risk && { risk }),
      ...(agent && { agent }),
      ...(target && { target }),
    };
    return orderQueue(filterQueue(shownRows(settled, now, lookedAt), filters), sort ?? 'risk');
  }, [settled, now, lookedAt, q, risk, agent, target, sort]);
  const pending = useMemo(() => [...settled.pending.values()], [settled.pending]);
  return { rows, pending };
}

/** The moment to judge closed rows by; moves on when the next of them has stayed its time. */
function useLingering(state: QueueState): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const current = serverNow();
    const ends = [...state.closed.values()].map((row) => row.noticedAt + CLOSED_ROW_MS).filter((end) => end > now);
    if (ends.length === 0) return;
    const timer = setTimeout(() => setNow(serverNow()), Math.max(50, Math.min(...ends) - current + 20));
    return () => clearTimeout(timer);
  }, [state.closed, now]);
  return now;
}

/** On a wide screen something is always selected: the first, once the list is here. */
function useFirstSelected(
  approvalId: string | undefined,
  ids: string[],
  phase: QueueState['phase'],
  go: (id: string, replace: boolean) => void,
): void {
  const [first] = ids;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `go` is new at each drawing
  useEffect(() => {
    if (approvalId === undefined && first !== undefined && phase !== 'loading' && !isNarrow()) go(first, true);
  }, [approvalId, first, phase]);
}

interface DetailOfProps {
  id: string;
  known: Approval | undefined;
  search: QueueSearch;
  bulk: boolean;
  onDecided: (approval: Approval) => void;
}

/** The request of the address: from the queue, or read by itself when it is older than this page. */
function DetailOf({ id, known, search, bulk, onDecided }: DetailOfProps) {
  const read = useQuery({
    queryKey: keys.approval(id),
    queryFn: ({ signal }) => call('GET /approvals/{id}', { params: { id }, signal }),
    enabled: known === undefined,
  });
  const approval = known ?? read.data;
  if (approval) return <ApprovalDetail approval={approval} search={search} bulk={bulk} onDecided={onDecided} />;
  if (read.isError) return <Failure error={read.error} onRetry={() => void read.refetch()} />;
  return (
    <Loading what="the request">
      <div className="p-5 grid gap-4">
        <Bone className="h-5 w-1/3" />
        <Bone className="h-24 w-full" />
        <Bone className="h-4 w-2/3" />
      </div>
    </Loading>
  );
}

function BulkBar({
  count,
  onBulk,
  onClear,
}: {
  count: number;
  onBulk: (verb: 'approve' | 'deny') => void;
  onClear: () => void;
}) {
  return (
    <div className="shrink-0 flex items-center gap-2 p-2 border-t border-line bg-panel">
      <span className="font-medium px-1 tabular-nums">{count} selected</span>
      <Button look="primary" size="small" shortcut="a" className="ml-auto" onClick={() => onBulk('approve')}>
        Approve
      </Button>
      <Button look="danger" size="small" shortcut="d" onClick={() => onBulk('deny')}>
        Deny
      </Button>
      <Button look="quiet" size="small" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}

function QueueLoading() {
  return (
    <div className="h-full flex">
      <h1 className="sr-only">Queue</h1>
      <div className="w-full lg:w-95 lg:border-r border-line">
        <LoadingRows what="the queue" rows={10} />
      </div>
    </div>
  );
}
