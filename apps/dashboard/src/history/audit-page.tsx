import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, ShieldCheck, ShieldX } from 'lucide-react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { describeFailure } from '../api/problem.js';
import type { AuditEntry } from '../api/types.js';
import { InertText } from '../command/inert-text.js';
import { exactTime } from '../time/relative-time.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { JsonTree } from '../ui/json-tree.js';
import { MoreButton } from '../ui/more-button.js';
import { notify } from '../ui/notices.js';
import { Page } from '../ui/page.js';
import { SearchField } from '../ui/search-field.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { auditSummary } from './audit-summary.js';
import { type ChainFinding, checkChain } from './check-chain.js';
import { downloadAudit } from './download-audit.js';
import { HistoryTabs } from './history-tabs.js';
import { spelled } from './timeline-words.js';

/** The append-only log, with a check of its chain in this very browser. */
export function AuditPage() {
  const search = useSearch({ from: '/frame/audit' });
  const navigate = useNavigate();
  const filters = {
    action: search.action,
    subject_id: search.subject,
    actor_id: search.actor,
    since: search.since,
    until: search.until,
  };
  const query = useInfiniteQuery({
    queryKey: keys.audit(filters),
    queryFn: ({ pageParam, signal }) =>
      call('GET /audit', { query: { ...filters, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const entries = query.data?.pages.flatMap((page) => page.data);
  const filtered = Object.keys(search).length > 0;
  return (
    <Page
      title="Audit log"
      lead="Nothing here can be changed without showing: each entry carries the hash of the one before it."
      actions={
        <Button onClick={() => void downloadAudit().catch((error) => notify('bad', describeFailure(error).title))}>
          <Download size={14} aria-hidden="true" /> Download all
        </Button>
      }
    >
      <HistoryTabs />
      <search className="flex flex-wrap gap-2 mb-3 items-center">
        <SearchField
          label="Show one action, for example rule.created"
          value={search.action ?? ''}
          onChange={(action) =>
            void navigate({
              to: '/audit',
              search: { ...search, ...(action ? { action } : { action: undefined }) } as typeof search,
              replace: true,
            })
          }
        />
        {entries && entries.length > 0 && !filtered && <ChainState entries={entries} />}
      </search>
      {query.isError && !entries ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : !entries ? (
        <LoadingRows what="the audit log" />
      ) : entries.length === 0 ? (
        <Empty title="Nothing matches">The log holds no such entry.</Empty>
      ) : (
        <>
          <ol className="border-t border-line">
            {entries.map((entry) => (
              <AuditRow key={entry.sequence} entry={entry} />
            ))}
          </ol>
          <MoreButton query={query} />
        </>
      )}
    </Page>
  );
}

function AuditRow({ entry }: { entry: AuditEntry }) {
  return (
    <li className="border-b border-line">
      <details>
        <summary className="grid grid-cols-[3.5rem_minmax(0,1fr)_auto] sm:grid-cols-[4rem_12rem_minmax(0,1fr)_8rem] gap-x-3 items-baseline px-2 py-2 hover:bg-hover list-none">
          <span className="text-small text-ink-faint tabular-nums">{entry.sequence}</span>
          <span className="font-medium truncate">{spelled(entry.action)}</span>
          <span className="truncate text-ink-soft max-sm:col-start-2 max-sm:row-start-2">
            <InertText text={entry.actor.name} />
            <code className="ml-3">
              <InertText text={auditSummary(entry.data).slice(0, 300)} />
            </code>
          </span>
          <TimeAgo
            at={entry.at}
            className="text-small text-ink-faint text-right whitespace-nowrap max-sm:col-start-3 max-sm:row-start-1"
          />
        </summary>
        <div className="px-2 pb-3 sm:pl-20 grid gap-2">
          <p className="text-small text-ink-soft">{exactTime(Date.parse(entry.at))}</p>
          <p className="font-mono text-small wrap-anywhere">
            {entry.subject.type} {entry.subject.id}
            <CopyButton text={entry.subject.id} label="Copy the id of what it is about" className="size-6" />
          </p>
          <div className="p-2 rounded-control bg-sunken">
            <JsonTree value={entry.data} />
          </div>
          <p className="font-mono text-small text-ink-faint wrap-anywhere">
            hash {entry.hash}
            <br />
            previous {entry.previous_hash}
          </p>
        </div>
      </details>
    </li>
  );
}

function ChainState({ entries }: { entries: AuditEntry[] }) {
  const last = entries[0]?.sequence;
  const check = useQuery({
    queryKey: ['chain', last, entries.length],
    queryFn: () => checkChain(entries),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!check.data) return null;
  return <ChainWords finding={check.data} />;
}

function ChainWords({ finding }: { finding: ChainFinding }) {
  if (finding.kind === 'unavailable')
    return <span className="text-small text-ink-faint">The chain is checked on a secure connection only.</span>;
  if (finding.kind === 'broken') {
    return (
      <span role="alert" className="inline-flex items-center gap-1.5 font-medium text-critical">
        <ShieldX size={16} aria-hidden="true" /> The chain is broken at entry {finding.sequence}: {finding.why}
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5 text-low" title="This browser computed each hash again.">
      <ShieldCheck size={16} aria-hidden="true" /> {finding.checked.toLocaleString('en')} entries checked here: unbroken
    </span>
  );
}
