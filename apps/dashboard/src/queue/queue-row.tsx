import { Link } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { memo } from 'react';
import type { Approval } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { RiskGauge } from '../risk/risk-gauge.js';
import { DeadlineRing } from '../time/deadline-ring.js';
import { classNames } from '../ui/class-names.js';
import type { QueueSearch } from './queue-filter.js';
import { rowView } from './row-view.js';

interface QueueRowProps {
  approval: Approval;
  current: boolean;
  selected: boolean;
  /** Some row is selected, so every row shows its box. */
  selecting: boolean;
  arrived: boolean;
  search: QueueSearch;
  onSelect: (id: string, selected: boolean) => void;
}

/** One request in the list. The link covers the row; the box to select it lies beside, above the risk's shape. */
export const QueueRow = memo(function QueueRow({
  approval,
  current,
  selected,
  selecting,
  arrived,
  search,
  onSelect,
}: QueueRowProps) {
  const view = rowView(approval);
  return (
    <div
      className={classNames(
        'group relative flex h-full border-b border-line',
        current ? 'bg-selected' : 'hover:bg-hover',
        arrived && 'row-arrived',
        view.closed !== null && !current && 'bg-panel',
      )}
    >
      <div className="relative w-7 shrink-0 grid place-items-center">
        <RiskGauge
          level={approval.risk.level}
          className={classNames(
            view.closed === null ? 'h-10' : 'h-10 grayscale',
            selecting ? 'invisible' : 'pointer-fine:group-hover:invisible group-focus-within:visible',
          )}
        />
        {view.closed === null && (
          <input
            type="checkbox"
            checked={selected}
            onChange={(event) => onSelect(approval.id, event.target.checked)}
            aria-label={`Select the request of ${approval.agent.name}, ${approval.id.slice(-6)}`}
            className={classNames(
              'absolute size-4 accent-accent-fill focus-visible:opacity-100',
              selecting
                ? 'opacity-100'
                : 'opacity-0 pointer-fine:group-hover:opacity-100 pointer-coarse:pointer-events-none',
            )}
          />
        )}
      </div>
      <Link
        to="/queue/{-$approvalId}"
        params={{ approvalId: approval.id }}
        search={search}
        resetScroll={false}
        aria-current={current ? 'true' : undefined}
        className="flex-1 min-w-0 py-2 pr-3 grid content-start outline-offset-[-2px]"
      >
        <span className="flex items-center gap-2 min-w-0">
          <code
            className={classNames(
              'flex-1 min-w-0 truncate font-medium',
              view.closed !== null && 'line-through decoration-1 text-ink-faint',
            )}
          >
            <InertText text={view.headline} />
          </code>
          {view.more > 0 && (
            <span className="shrink-0 text-small text-ink-soft" title={`${view.more} more commands on this line`}>
              +{view.more}
            </span>
          )}
          {view.encrypted && <Lock size={12} role="img" aria-label="encrypted" className="shrink-0 text-ink-faint" />}
          {view.closed === null && <DeadlineRing createdAt={approval.created_at} deadlineAt={approval.deadline_at} />}
        </span>
        <span className="flex items-center gap-2 text-small text-ink-soft min-w-0">
          <span className="truncate">
            <InertText text={view.agent} />
            {view.target && (
              <>
                {' → '}
                <InertText text={view.target} />
              </>
            )}
          </span>
          {view.votes && <span className="ml-auto shrink-0 tabular-nums">{view.votes}</span>}
        </span>
        <span className={classNames('text-small truncate', view.closed ? 'text-ink font-medium' : 'text-ink-faint')}>
          {view.closed ? (
            <InertText text={view.closed} prose />
          ) : view.reason ? (
            <InertText text={view.reason} prose />
          ) : (
            'No reason given'
          )}
        </span>
      </Link>
    </div>
  );
});
