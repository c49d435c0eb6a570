import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Coffee } from 'lucide-react';
import { call } from '../api/call.js';
import { keys } from '../api/keys.js';
import type { QueueSummary } from '../api/types.js';
import { useMay, useMe } from '../session/session.js';
import { CopyButton } from '../ui/copy-button.js';
import { TimeAgo } from '../ui/time-ago.js';

/** Nothing waits: what is quiet, for how long, and how a first agent is connected. */
export function QueueEmpty() {
  const summary = useQuery({
    queryKey: keys.queueSummary,
    queryFn: ({ signal }) => call('GET /approvals/summary', { signal }),
  });
  return (
    <div className="h-full overflow-y-auto grid place-items-center p-6">
      <div className="w-full max-w-xl">
        <Coffee size={24} aria-hidden="true" className="text-ink-faint mb-3" />
        <h1 className="text-title font-semibold">Nothing waits for you</h1>
        <p className="text-ink-soft">
          {summary.data?.last_request_at ? (
            <>
              The last request came <TimeAgo at={summary.data.last_request_at} />.
            </>
          ) : (
            'No agent has asked for anything yet. What they ask appears here by itself.'
          )}
        </p>
        {summary.data && <Today today={summary.data.today} />}
        <ConnectAgent />
      </div>
    </div>
  );
}

function Today({ today }: { today: QueueSummary['today'] }) {
  const figures: [string, string][] = [
    ['allowed by rules', today.by_rule.toLocaleString('en')],
    ['approved', today.approved.toLocaleString('en')],
    ['denied', today.denied.toLocaleString('en')],
    ['timed out', today.timed_out.toLocaleString('en')],
    ...(today.median_seconds_to_decide === null
      ? []
      : ([['median to decide', medianText(today.median_seconds_to_decide)]] as [string, string][])),
  ];
  return (
    <dl aria-label="Today" className="flex flex-wrap gap-x-8 gap-y-2 mt-5">
      {figures.map(([name, value]) => (
        <div key={name} className="flex flex-col-reverse">
          <dt className="text-small text-ink-faint">{name}</dt>
          <dd className="text-title font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function medianText(seconds: number): string {
  return seconds < 1 ? 'under 1 s' : `${Math.round(seconds)} s`;
}

function ConnectAgent() {
  const { org } = useMe();
  const mayMakeAgents = useMay('agents:write');
  const lines = connectLines(window.location.origin, org.eval ? 'demo-shell-token' : null);
  return (
    <section className="mt-8">
      <h2 className="text-strong font-semibold mb-1">Connect an agent</h2>
      <div className="relative rounded-panel border border-line-strong bg-sunken p-3 pr-10">
        <pre className="whitespace-pre-wrap wrap-anywhere">{lines}</pre>
        <CopyButton text={lines} label="Copy the three lines" className="absolute top-1.5 right-1.5" />
      </div>
      {!org.eval && mayMakeAgents && (
        <p className="mt-2 text-ink-soft">
          The token is one that you{' '}
          <Link to="/agents" className="text-accent underline">
            make for an agent
          </Link>
          ; it is shown once.
        </p>
      )}
    </section>
  );
}

function connectLines(url: string, token: string | null): string {
  return [
    `export EXPACTI_URL=${url}`,
    `export EXPACTI_SHELL_TOKEN=${token ?? 'shell_…'}`,
    'expacti run -- uptime',
  ].join('\n');
}
