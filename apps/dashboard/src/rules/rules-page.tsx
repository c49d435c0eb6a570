import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Plus, Upload } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { describeFailure } from '../api/problem.js';
import { useMay } from '../session/session.js';
import { Button, buttonClasses } from '../ui/button.js';
import { Select } from '../ui/field.js';
import { MoreButton } from '../ui/more-button.js';
import { notify } from '../ui/notices.js';
import { Page } from '../ui/page.js';
import { saveFile } from '../ui/save-file.js';
import { SearchField } from '../ui/search-field.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { ImportDialog } from './import-dialog.js';
import { RuleTable } from './rule-table.js';
import type { RulesSearch } from './rules-search.js';
import { TryCommand } from './try-command.js';

/** The list of what may run unattended, and what never may. */
export function RulesPage() {
  const search = useSearch({ from: '/frame/rules' });
  const mayWrite = useMay('rules:write');
  const [importing, setImporting] = useState(false);
  const filters = { q: search.q, effect: search.effect, pattern_type: search.type, kind: search.kind };
  const query = useInfiniteQuery({
    queryKey: keys.ruleList(filters),
    queryFn: ({ pageParam, signal }) =>
      call('GET /rules', { query: { ...filters, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
  });
  const rules = query.data?.pages.flatMap((page) => page.data);
  return (
    <Page
      title="Rules"
      lead="Deny rules are judged first, then review, then allow. Whatever no rule covers is held for a person."
      actions={
        <>
          <Button onClick={() => void exportRules()}>
            <Download size={14} aria-hidden="true" /> Export
          </Button>
          {mayWrite && (
            <>
              <Button onClick={() => setImporting(true)}>
                <Upload size={14} aria-hidden="true" /> Import
              </Button>
              <Link to="/rules/new" className={buttonClasses('primary')}>
                <Plus size={14} aria-hidden="true" /> New rule
              </Link>
            </>
          )}
        </>
      }
    >
      <TryCommand />
      <Filters search={search} />
      {query.isError && !rules ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : !rules ? (
        <LoadingRows what="rules" />
      ) : rules.length === 0 ? (
        <NoRules filtered={Object.keys(search).length > 0} />
      ) : (
        <>
          <RuleTable rules={rules} />
          <MoreButton query={query} />
        </>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

async function exportRules(): Promise<void> {
  try {
    const exported = await call('GET /rules/export');
    saveFile(new Blob([`${JSON.stringify(exported, null, 2)}\n`], { type: 'application/json' }), 'expacti-rules.json');
  } catch (error) {
    notify('bad', describeFailure(error).title);
  }
}

function NoRules({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate();
  if (filtered) {
    return (
      <Empty
        title="Nothing matches"
        action={<Button onClick={() => void navigate({ to: '/rules', search: {} })}>Clear the filters</Button>}
      />
    );
  }
  return (
    <Empty title="No rule yet">
      Everything is held for a person. The easiest way to a rule is a request that you approve often: press <kbd>r</kbd>{' '}
      on it in the queue.
    </Empty>
  );
}

function Filters({ search }: { search: RulesSearch }) {
  const navigate = useNavigate();
  const change = (update: Record<string, string | undefined>) =>
    void navigate({ to: '/rules', search: { ...search, ...update } as RulesSearch, replace: true });
  return (
    <search className="flex flex-wrap max-sm:grid max-sm:grid-cols-2 gap-2 mb-3">
      <SearchField
        label="Search patterns and notes"
        value={search.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
      />
      <Select
        aria-label="Effect"
        className="w-full sm:w-auto"
        value={search.effect ?? ''}
        onChange={(event) => change({ effect: event.target.value || undefined })}
      >
        <option value="">Any effect</option>
        <option value="allow">Allow</option>
        <option value="deny">Deny</option>
        <option value="review">Review</option>
      </Select>
      <Select
        aria-label="Type of pattern"
        className="w-full sm:w-auto"
        value={search.type ?? ''}
        onChange={(event) => change({ type: event.target.value || undefined })}
      >
        <option value="">Any pattern</option>
        <option value="exact">Exact text</option>
        <option value="glob">Pattern</option>
        <option value="regex">Regular expression</option>
      </Select>
      <Select
        aria-label="Kind"
        className="w-full sm:w-auto"
        value={search.kind ?? ''}
        onChange={(event) => change({ kind: event.target.value || undefined })}
      >
        <option value="">Anything</option>
        <option value="command">Commands</option>
        <option value="tool_call">Tool calls</option>
        <option value="file_transfer">File transfers</option>
      </Select>
    </search>
  );
}
