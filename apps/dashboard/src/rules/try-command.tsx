import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleQuestionMark, CircleSlash } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/call.js';
import { describeFailure } from '../api/problem.js';
import type { Evaluation, NewRule, Verdict } from '../api/types.js';
import { CommandText, useAnalysis } from '../command/command-text.js';
import { InertText } from '../command/inert-text.js';
import { WhatWouldRun } from '../command/what-would-run.js';
import { RiskWord } from '../risk/risk-gauge.js';
import { useTargets } from '../targets/use-targets.js';
import { classNames } from '../ui/class-names.js';
import { Field, Input, Select } from '../ui/field.js';
import { useSettled } from '../ui/use-settled.js';

interface TryCommandProps {
  /** Judge as if this rule existed too. */
  rule?: NewRule;
  title?: string;
}

/** How would this be judged, and why? Runs nothing. */
export function TryCommand({ rule, title = 'Try a command' }: TryCommandProps) {
  const [command, setCommand] = useState('');
  const [target, setTarget] = useState('');
  const targets = useTargets().data?.data ?? [];
  return (
    <section id="try" className="mb-5 p-3 rounded-panel border border-line bg-panel">
      <div className="flex flex-wrap gap-2 items-end">
        <Field label={title} className="flex-1 min-w-60">
          {(attributes) => (
            <Input
              {...attributes}
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              placeholder="docker logs web-1 && make test"
              className="font-mono exact-text"
              value={command}
              onChange={(event) => setCommand(event.target.value)}
            />
          )}
        </Field>
        {targets.length > 0 && (
          <Select
            aria-label="On which target"
            className="w-auto"
            value={target}
            onChange={(event) => setTarget(event.target.value)}
          >
            <option value="">no target</option>
            {targets.map(({ id, name }) => (
              <option key={id}>{name}</option>
            ))}
          </Select>
        )}
      </div>
      {command.trim() !== '' && <Judgement command={command} target={target} {...(rule ? { rule } : {})} />}
    </section>
  );
}

function Judgement({ command, target, rule }: { command: string; target: string; rule?: NewRule }) {
  const asked = useSettled(command, 250);
  const shell = 'bash';
  const analysis = useAnalysis(asked, shell);
  const judged = useQuery({
    queryKey: ['try', asked, target, rule],
    queryFn: ({ signal }) =>
      call('POST /rules/evaluate', {
        body: { command: asked, shell, ...(target ? { target } : {}), ...(rule ? { rule } : {}) },
        signal,
      }),
    enabled: asked.trim() !== '',
    placeholderData: (previous) => previous,
    retry: false,
  });
  if (judged.isError)
    return (
      <p className="mt-2 text-critical">
        {describeFailure(judged.error).advice || describeFailure(judged.error).title}
      </p>
    );
  if (!judged.data) return <p className="mt-2 text-ink-faint">Judging…</p>;
  return (
    <div className="mt-3 grid grid-cols-1 gap-2">
      <VerdictLine evaluation={judged.data} />
      <div className="p-2 rounded-control bg-sunken border border-line">
        <CommandText analysis={analysis} />
      </div>
      <WhatWouldRun analysis={analysis} judged={judged.data.commands} />
    </div>
  );
}

const verdicts: Record<Verdict, { text: string; icon: typeof CircleCheck; className: string }> = {
  allow: { text: 'It runs without asking.', icon: CircleCheck, className: 'text-low' },
  deny: { text: 'It is denied.', icon: CircleSlash, className: 'text-critical' },
  review: { text: 'It is held for a person.', icon: CircleQuestionMark, className: 'text-medium' },
};

function VerdictLine({ evaluation }: { evaluation: Evaluation }) {
  const { text, icon: Icon, className } = verdicts[evaluation.verdict];
  return (
    <div role="status">
      <p className="flex flex-wrap items-center gap-x-4">
        <span className={classNames('flex items-center gap-1.5 text-strong font-semibold', className)}>
          <Icon size={16} aria-hidden="true" /> {text}
        </span>
        <RiskWord level={evaluation.risk.level} />
        {evaluation.rule_ids.map((id) => (
          <Link key={id} to="/rules/$ruleId" params={{ ruleId: id }} className="text-accent underline">
            the rule
          </Link>
        ))}
      </p>
      {evaluation.reasons.length > 0 && (
        <ul className="text-ink-soft">
          {evaluation.reasons.map((reason) => (
            <li key={reason}>
              <InertText text={reason} prose />
            </li>
          ))}
        </ul>
      )}
      {evaluation.shadow_rule_ids.length > 0 && (
        <p className="text-ink-soft">
          {evaluation.shadow_rule_ids.length === 1
            ? 'A rule in shadow'
            : `${evaluation.shadow_rule_ids.length} rules in shadow`}{' '}
          would have allowed it.
        </p>
      )}
    </div>
  );
}
