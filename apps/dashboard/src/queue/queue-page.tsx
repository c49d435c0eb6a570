import { escapeText } from '@expacti/shell';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useKeys } from '../keyboard/use-keys.js';
import { announce } from '../ui/announcer.js';
import { Button } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { BulkBar } from './bulk-bar.js';
import { DetailOf } from './detail-of.js';
import { neighbour, nextSelection } from './next-selection.js';
import { QueueEmpty } from './queue-empty.js';
import { isFiltered, type QueueSearch } from './queue-filter.js';
import { QueueList } from './queue-list.js';
import { emptyQueue, type QueueState } from './queue-state.js';
import { QueueToolbar } from './queue-toolbar.js';
import { rowView } from './row-view.js';
import { similarTo } from './similar.js';
import { useDeadlineCalls } from './use-deadline-calls.js';
import { lastDecided } from './use-decide.js';
import { useQueue } from './use-queue.js';
import { useRows } from './use-rows.js';
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
