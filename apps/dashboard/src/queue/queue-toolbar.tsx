import { Search, X } from 'lucide-react';
import { type RefObject, useMemo } from 'react';
import type { Approval, RiskLevel } from '../api/types.js';
import { IconButton } from '../ui/button.js';
import { Select } from '../ui/field.js';
import { isFiltered, type QueueSearch } from './queue-filter.js';
import type { QueueSort } from './queue-order.js';

interface QueueToolbarProps {
  search: QueueSearch;
  onChange: (change: Partial<QueueSearch>) => void;
  pending: Approval[];
  shown: number;
  reading: boolean;
  searchField: RefObject<HTMLInputElement | null>;
}

/** Search, filters and order. All of it lives in the address. */
export function QueueToolbar({ search, onChange, pending, shown, reading, searchField }: QueueToolbarProps) {
  const agents = useMemo(() => distinct(pending.map(({ agent }) => [agent.id, agent.name])), [pending]);
  const targets = useMemo(
    () => distinct(pending.flatMap(({ target }) => (target ? [[target, target] as const] : []))),
    [pending],
  );
  return (
    <div className="shrink-0 border-b border-line p-2 grid gap-1.5">
      <div className="relative">
        <Search size={14} aria-hidden="true" className="absolute left-2.5 top-1/2 -translate-y-1/2 text-ink-faint" />
        <input
          ref={searchField}
          type="search"
          aria-label="Search the queue"
          placeholder="Search command, agent, target, reason"
          value={search.q ?? ''}
          onChange={(event) => onChange({ q: event.target.value })}
          className="w-full h-8 pl-8 pr-2 rounded-control border border-line-strong bg-raised"
        />
      </div>
      <div className="grid grid-cols-[1fr_1fr_1fr_auto] gap-1.5 items-center">
        <Select
          aria-label="Risk"
          value={search.risk ?? ''}
          onChange={(event) => onChange({ risk: event.target.value as RiskLevel })}
          compact
        >
          <option value="">Any risk</option>
          <option value="critical">Critical</option>
          <option value="high">High</option>
          <option value="medium">Medium</option>
          <option value="low">Low</option>
        </Select>
        <Select
          aria-label="From or at"
          value={search.agent ? `agent:${search.agent}` : search.target ? `target:${search.target}` : ''}
          onChange={(event) => onChange(originOf(event.target.value))}
          compact
        >
          <option value="">Everyone</option>
          <optgroup label="Agent">
            {agents.map(([id, name]) => (
              <option key={id} value={`agent:${id}`}>
                {name}
              </option>
            ))}
          </optgroup>
          <optgroup label="Target">
            {targets.map(([id, name]) => (
              <option key={id} value={`target:${id}`}>
                {name}
              </option>
            ))}
          </optgroup>
        </Select>
        <Select
          aria-label="Order"
          value={search.sort ?? 'risk'}
          onChange={(event) => onChange({ sort: event.target.value as QueueSort })}
          compact
        >
          <option value="risk">Worst first</option>
          <option value="deadline">Least time</option>
          <option value="newest">Newest</option>
        </Select>
        {isFiltered(search) ? (
          <IconButton
            label="Clear the filters"
            className="size-7"
            onClick={() => onChange({ q: '', risk: undefined, agent: '', target: '' } as Partial<QueueSearch>)}
          >
            <X size={14} aria-hidden="true" />
          </IconButton>
        ) : (
          <span className="size-7" />
        )}
      </div>
      <p className="text-small text-ink-faint px-0.5 tabular-nums">
        {isFiltered(search)
          ? `${shown.toLocaleString('en')} of ${pending.length.toLocaleString('en')} waiting`
          : `${pending.length.toLocaleString('en')} waiting`}
        {reading && ', reading more…'}
      </p>
    </div>
  );
}

function originOf(value: string): Partial<QueueSearch> {
  const [kind, ...rest] = value.split(':');
  const name = rest.join(':');
  if (kind === 'agent') return { agent: name, target: '' };
  if (kind === 'target') return { agent: '', target: name };
  return { agent: '', target: '' };
}

function distinct(pairs: (readonly [string, string] | string[])[]): [string, string][] {
  return [...new Map(pairs.map(([id = '', name = '']) => [id, name])).entries()].toSorted((a, b) =>
    a[1].localeCompare(b[1]),
  );
}
