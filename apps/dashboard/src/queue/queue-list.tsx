import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Approval } from '../api/types.js';
import { serverNow } from '../time/server-clock.js';
import type { QueueSearch } from './queue-filter.js';
import { QueueRow } from './queue-row.js';

/** In rem, so that rows grow with the reader's letter size. */
const ROW_REM = 4.5;
const HIGHLIGHT_MS = 1_500;

interface QueueListProps {
  rows: Approval[];
  currentId: string | undefined;
  selected: ReadonlySet<string>;
  arrivedAt: ReadonlyMap<string, number>;
  search: QueueSearch;
  onSelect: (id: string, selected: boolean) => void;
}

/** The waiting requests. Only the rows in view are drawn: ten thousand cost what thirty do. */
export function QueueList({ rows, currentId, selected, arrivedAt, search, onSelect }: QueueListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = ROW_REM * rootFontSize();
  // The same functions while nothing changed: otherwise the places of all rows are computed again at each drawing.
  const keyOf = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 8,
  });
  useSteadyScroll(scroller, rows, rowHeight);
  const currentIndex = rows.findIndex((row) => row.id === currentId);
  // Only when the selection moves: a row that arrives must not scroll the list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (currentIndex < 0) return;
    const focused = scroller.current?.contains(document.activeElement) && document.activeElement !== scroller.current;
    const offset = scrollFor(currentIndex, rowHeight, virtual.scrollOffset ?? 0, virtual.scrollRect?.height ?? 0);
    if (offset !== null) scroller.current?.scrollTo({ top: offset });
    // The focus goes along when the keys move the selection: two marks at two places would mislead.
    if (focused)
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>('a[aria-current]')?.focus({ preventScroll: true }),
      );
  }, [currentId]);
  const now = serverNow();
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label="Waiting requests"
      className="flex-1 min-h-0 overflow-y-auto overscroll-contain [overflow-anchor:none] outline-offset-[-2px]"
    >
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const approval = rows[item.index];
          if (!approval) return null;
          return (
            <li
              key={approval.id}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              <QueueRow
                approval={approval}
                current={approval.id === currentId}
                selected={selected.has(approval.id)}
                selecting={selected.size > 0}
                arrived={now - (arrivedAt.get(approval.id) ?? 0) < HIGHLIGHT_MS}
                search={search}
                onSelect={onSelect}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/**
 * Where to scroll so that a row is in view, null when it is already. From numbers that are known: asking the page for
 * them would have it laid out twice at each step.
 */
function scrollFor(index: number, rowHeight: number, offset: number, height: number): number | null {
  const top = index * rowHeight;
  if (top < offset) return top;
  return top + rowHeight > offset + height ? top + rowHeight - height : null;
}

/**
 * Keeps what is in view where it is when rows come or go above it, as long as the reader has scrolled or the pointer is
 * over the list: nothing may slip under a click.
 */
function useSteadyScroll(scroller: React.RefObject<HTMLDivElement | null>, rows: Approval[], rowHeight: number): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const element = scroller.current;
    const previous = before.current;
    before.current = rows;
    if (!element || previous === rows) return;
    if (element.scrollTop === 0 && !element.matches(':hover')) return;
    const first = Math.floor(element.scrollTop / rowHeight);
    for (let index = first; index < Math.min(previous.length, first + 10); index += 1) {
      const id = previous[index]?.id;
      const now = rows.findIndex((row) => row.id === id);
      if (now === -1) continue;
      if (now !== index) element.scrollTop += (now - index) * rowHeight;
      return;
    }
  }, [rows, rowHeight, scroller]);
}

function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
