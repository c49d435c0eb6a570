import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.js';
import { describeFailure } from '../api/problem.js';
import type { Approval, NewRule } from '../api/types.js';
import { CommandLine } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { TimeAgo } from '../ui/time-ago.js';
import { previewSentence } from './preview-sentence.js';

const DAYS = 30;

/** "In the last 30 days this would have let 14 run: show them." */
export function RulePreviewView({ rule }: { rule: NewRule }) {
  const [open, setOpen] = useState(false);
  const preview = useQuery({
    queryKey: ['rule-preview', rule],
    queryFn: ({ signal }) => call('POST /rules/preview', { body: { rule, days: DAYS }, signal }),
    enabled: rule.pattern.trim() !== '',
    retry: false,
  });
  if (preview.isError)
    return (
      <p className="text-critical wrap-anywhere">
        {describeFailure(preview.error).advice || describeFailure(preview.error).title}
      </p>
    );
  if (!preview.data) return <p className="text-ink-faint">Looking through the last {DAYS} days…</p>;
  const { matches, samples } = preview.data;
  return (
    <div>
      <p>
        {previewSentence(rule.effect, preview.data)}
        {samples.length > 0 && (
          <>
            {' '}
            <button type="button" aria-expanded={open} className="text-accent underline" onClick={() => setOpen(!open)}>
              {open ? 'hide them' : 'show them'}
            </button>
          </>
        )}
      </p>
      {open && (
        <ul className="mt-1 max-h-56 overflow-y-auto rounded-control border border-line bg-raised divide-y divide-line">
          {samples.map((sample) => (
            <li key={sample.command_id}>
              <Link
                to="/history/$commandId"
                params={{ commandId: sample.command_id }}
                className="flex items-center gap-2 px-2 py-1 hover:bg-hover"
              >
                <CommandLine command={sample.command} className="flex-1 min-w-0" />
                <span className="text-small text-ink-faint truncate max-w-32">
                  <InertText text={sample.agent} />
                </span>
                <TimeAgo at={sample.created_at} className="text-small text-ink-faint whitespace-nowrap" />
              </Link>
            </li>
          ))}
          {matches > samples.length && (
            <li className="px-2 py-1 text-small text-ink-faint">and {matches - samples.length} more</li>
          )}
        </ul>
      )}
    </div>
  );
}

/** Says whether the request at hand would have passed by itself, had the rule existed. */
export function CoverageCheck({ rule, approval }: { rule: NewRule; approval: Approval }) {
  const check = useQuery({
    queryKey: ['rule-coverage', approval.id, rule],
    queryFn: ({ signal }) =>
      call('POST /rules/evaluate', {
        body: {
          command: approval.command,
          shell: approval.shell,
          agent_id: approval.agent.id,
          ...(approval.cwd ? { cwd: approval.cwd } : {}),
          ...(approval.target ? { target: approval.target } : {}),
          rule,
        },
        signal,
      }),
    enabled: rule.pattern.trim() !== '',
    retry: false,
  });
  if (check.isError || !check.data) return null;
  if (check.data.verdict === 'allow') return <p>With this rule, this very line would run without asking.</p>;
  const reasons = [
    ...new Set([
      ...check.data.reasons,
      ...check.data.commands.flatMap((command) => (command.verdict === 'allow' ? [] : command.reasons)),
    ]),
  ];
  return (
    <div>
      <p className="font-medium text-medium">
        Even with this rule, this line would be {check.data.verdict === 'deny' ? 'denied' : 'held for review'}.
      </p>
      <ul className="text-small text-ink-soft list-disc pl-4">
        {reasons.slice(0, 4).map((reason) => (
          <li key={reason} className="wrap-anywhere">
            <InertText text={reason} prose />
          </li>
        ))}
      </ul>
    </div>
  );
}
