import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useAgents } from '../agents/use-agents.js';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { Command } from '../api/types.js';
import { CommandLine } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { RiskGauge } from '../risk/risk-gauge.js';
import { useMay } from '../session/session.js';
import { useMinutes } from '../time/use-now.js';
import { Button } from '../ui/button.js';
import { Select } from '../ui/field.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { SearchField } from '../ui/search-field.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { type HistorySearch, historyQuery } from './history-search.js';
import { HistoryTabs } from './history-tabs.js';
import { OutcomeMark } from './outcome-mark.js';

/** Every command that was ever asked for, and how it went. */
export function HistoryPage() {
  const search = useSearch({ from: '/frame/history' });
  const now = useMinutes();
  const filters = historyQuery(search, now);
  const query = useInfiniteQuery({
    queryKey: keys.commandList(filters),
    queryFn: ({ pageParam, signal }) =>
      call('GET /commands', { query: { ...filters, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
  });
  const commands = query.data?.pages.flatMap((page) => page.data);
  return (
    <Page title="History" lead="Every command that was asked for, and what became of it.">
      <HistoryTabs />
      <Filters search={search} />
      {query.isError && !commands ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : !commands ? (
        <LoadingRows what="the history" />
      ) : commands.length === 0 ? (
        <NothingFound filtered={Object.keys(search).length > 0} />
      ) : (
        <>
          <ul className="border-t border-line">
            {commands.map((command) => (
              <HistoryRow key={command.id} command={command} />
            ))}
          </ul>
          <MoreButton query={query} />
        </>
      )}
    </Page>
  );
}

function HistoryRow({ command }: { command: Command }) {
  return (
    <li className="border-b border-line">
      <Link
        to="/history/$commandId"
        params={{ commandId: command.id }}
        className="grid grid-cols-[auto_minmax(0,1fr)_auto] md:grid-cols-[auto_minmax(0,1fr)_11rem_12rem_5.5rem] items-center gap-x-3 gap-y-0.5 px-2 py-1.5 min-h-10 hover:bg-hover"
      >
        <RiskGauge level={command.risk.level} className="h-6" />
        <CommandLine kind={command.kind} command={command.command} className="min-w-0" />
        <span className="truncate text-ink-soft max-md:col-start-2 max-md:row-start-2 text-small md:text-body">
          <InertText text={command.agent.name} />
          {command.target && (
            <>
              {' → '}
              <InertText text={command.target} />
            </>
          )}
        </span>
        <span className="max-md:col-start-2 max-md:row-start-3 min-w-0 whitespace-nowrap">
          <OutcomeMark command={command} />
        </span>
        <TimeAgo
          at={command.created_at}
          className="text-small text-ink-faint text-right whitespace-nowrap max-md:col-start-3 max-md:row-start-1"
        />
      </Link>
    </li>
  );
}

function NothingFound({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate();
  if (!filtered)
    return (
      <Empty title="Nothing has been asked for yet">
        As soon as an agent submits a command, its story is kept here.
      </Empty>
    );
  return (
    <Empty
      title="Nothing matches"
      action={<Button onClick={() => void navigate({ to: '/history', search: {} })}>Clear the filters</Button>}
    >
      Try fewer filters or a longer period.
    </Empty>
  );
}

function Filters({ search }: { search: HistorySearch }) {
  const navigate = useNavigate();
  const change = (update: Record<string, string | undefined>) =>
    void navigate({ to: '/history', search: { ...search, ...update } as HistorySearch, replace: true });
  return (
    <search className="flex flex-wrap max-sm:grid max-sm:grid-cols-2 gap-2 mb-3">
      <SearchField value={search.q ?? ''} onChange={(q) => change({ q: q || undefined })} />
      <FilterSelect
        label="Outcome"
        value={search.status}
        onChange={(status) => change({ status })}
        options={{ '': 'Any outcome', allowed: 'Allowed', denied: 'Denied', pending: 'Waiting' }}
      />
      <FilterSelect
        label="Decided by"
        value={search.source}
        onChange={(source) => change({ source })}
        options={{
          '': 'By anything',
          rule: 'By a rule',
          reviewer: 'By a person',
          timeout: 'By the timeout',
          cancelled: 'Withdrawn',
          policy: 'By policy',
          error: 'By an error',
        }}
      />
      <AgentFilter value={search.agent} onChange={(agent) => change({ agent })} />
      <FilterSelect
        label="When"
        value={search.period}
        onChange={(period) => change({ period })}
        options={{
          '': 'At any time',
          hour: 'In the last hour',
          day: 'In the last day',
          week: 'In the last 7 days',
          month: 'In the last 30 days',
        }}
      />
      {(search.rule || search.target) && (
        <Button size="small" className="h-8" onClick={() => change({ rule: undefined, target: undefined })}>
          {search.rule ? 'Only one rule' : `Only ${search.target}`} ×
        </Button>
      )}
    </search>
  );
}

function AgentFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (agent: string | undefined) => void;
}) {
  const mayRead = useMay('agents:read');
  const agents = useAgents(mayRead);
  if (!agents.data) return null;
  return (
    <FilterSelect
      label="Agent"
      value={value}
      onChange={onChange}
      options={{ '': 'Any agent', ...Object.fromEntries(agents.data.data.map(({ id, name }) => [id, name])) }}
    />
  );
}

interface FilterSelectProps {
  label: string;
  value: string | undefined;
  options: Record<string, string>;
  onChange: (value: string | undefined) => void;
}

function FilterSelect({ label, value, options, onChange }: FilterSelectProps) {
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
      className="w-full sm:w-auto sm:max-w-48"
    >
      {Object.entries(options).map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </Select>
  );
}
