import { useMutation, useQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import { describeFailure } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { RuleSuggestion } from '../api/types.js';
import { CommandLine } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { useMay } from '../session/session.js';
import { useScopeNames } from '../targets/use-targets.js';
import { Button } from '../ui/button.js';
import { notify } from '../ui/notices.js';
import { Page } from '../ui/page.js';
import { Empty, Failure, LoadingRows } from '../ui/states.js';
import { TimeAgo } from '../ui/time-ago.js';
import { EffectBadge } from './effect-badge.js';
import { PatternText } from './pattern-text.js';
import { RulePreviewView } from './rule-preview-view.js';
import { scopeWords } from './scope.js';

/** Rules that past approvals suggest. Nothing is made until somebody accepts it. */
export function SuggestionsPage() {
  const suggestions = useQuery({
    queryKey: keys.suggestions,
    queryFn: ({ signal }) => call('GET /rules/suggestions', { query: { limit: 100 }, signal }),
  });
  const list = suggestions.data?.data;
  return (
    <Page title="Suggestions" lead="What people approved again and again, and could be a rule.">
      {suggestions.isError && !list ? (
        <Failure error={suggestions.error} onRetry={() => void suggestions.refetch()} />
      ) : !list ? (
        <LoadingRows what="suggestions" />
      ) : list.length === 0 ? (
        <Empty title="No suggestion now">
          They appear when people have approved the same kind of command several times.
        </Empty>
      ) : (
        <ul className="grid grid-cols-1 gap-3">
          {list.map((suggestion) => (
            <Suggestion key={suggestion.id} suggestion={suggestion} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Suggestion({ suggestion }: { suggestion: RuleSuggestion }) {
  const mayWrite = useMay('rules:write');
  const names = useScopeNames();
  const { rule, approvals, denials, samples } = suggestion;
  const settle = useMutation({
    mutationFn: async (verb: 'accept' | 'dismiss') => {
      const params = { id: suggestion.id };
      if (verb === 'accept') await call('POST /rules/suggestions/{id}/accept', { params });
      else await call('POST /rules/suggestions/{id}/dismiss', { params });
    },
    onSuccess: (_, verb) =>
      notify('good', verb === 'accept' ? 'The rule is in force.' : 'It will not be suggested again.'),
    onError: (error) => notify('bad', `${describeFailure(error).title} ${describeFailure(error).advice}`),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.rules }),
  });
  return (
    <li className="p-3 rounded-panel border border-line">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="flex-1 min-w-60">
          <p className="flex flex-wrap items-center gap-2 text-strong">
            <EffectBadge effect={rule.effect} /> <PatternText pattern={rule.pattern} type={rule.pattern_type} />
          </p>
          <p className="text-ink-soft">
            <InertText text={scopeWords(rule.scope, names)} />. Approved {approvals}{' '}
            {approvals === 1 ? 'time' : 'times'}
            {denials > 0 && `, denied ${denials}`}, last <TimeAgo at={suggestion.last_seen_at} />.
          </p>
        </div>
        {mayWrite && (
          <div className="flex gap-2">
            <Button look="quiet" disabled={settle.isPending} onClick={() => settle.mutate('dismiss')}>
              Dismiss
            </Button>
            <Button look="primary" disabled={settle.isPending} onClick={() => settle.mutate('accept')}>
              Make this rule
            </Button>
          </div>
        )}
      </div>
      {samples.length > 0 && (
        <ul className="mt-2 px-2 py-1 rounded-control bg-sunken">
          {samples.slice(0, 5).map((sample) => (
            <li key={sample}>
              <CommandLine command={sample} />
            </li>
          ))}
        </ul>
      )}
      <div className="mt-2">
        <RulePreviewView rule={rule} />
      </div>
    </li>
  );
}
