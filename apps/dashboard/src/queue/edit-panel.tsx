import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useState } from 'react';
import { call } from '../api/call.js';
import type { Approval, Evaluation } from '../api/types.js';
import { CommandText, useAnalysis } from '../command/command-text.js';
import DifferenceView from '../command/difference-view.js';
import { InertText } from '../command/inert-text.js';
import { WhatWouldRun } from '../command/what-would-run.js';
import { RiskWord } from '../risk/risk-gauge.js';
import { Button } from '../ui/button.js';
import { Field, TextArea } from '../ui/field.js';
import { useSettled } from '../ui/use-settled.js';
import { HoldButton, useHold } from './hold-button.js';

interface EditPanelProps {
  approval: Approval;
  busy: boolean;
  /** Why nothing may be decided now; null when it may. */
  shut: string | null;
  onApprove: (edited: string) => void;
  onCancel: () => void;
}

/** Edits the command, showing at each stroke what would run, what changed, and how bad the new text can be. */
export default function EditPanel({ approval, busy, shut, onApprove, onCancel }: EditPanelProps) {
  const [text, setText] = useState(approval.command);
  const edited = useDeferredValue(text);
  const analysis = useAnalysis(edited, approval.shell);
  const judged = useJudgement(approval, text);
  const changed = text !== approval.command;
  const blocked = shut ?? refusalOf(text, changed, judged.evaluation, judged.current);
  const grave = judged.evaluation?.risk.level === 'critical';
  const approve = () => {
    if (blocked === null && !busy) onApprove(text);
  };
  const hold = useHold(approve);
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !grave) approve();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside
    <div className="grid grid-cols-1 gap-4" onKeyDown={keys}>
      <Field
        label="The command to allow instead"
        hint="The agent runs exactly this text, and is told that you changed it."
      >
        {(attributes) => (
          <TextArea
            {...attributes}
            autoFocus
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            rows={Math.min(14, Math.max(3, text.split('\n').length + 1))}
            className="font-mono exact-text"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <section aria-label="As it is read" className="p-3 rounded-control bg-sunken border border-line">
        <CommandText analysis={analysis} />
      </section>
      {changed && (
        <section>
          <h3 className="text-small font-semibold text-ink-faint mb-1">What you changed</h3>
          <div className="p-3 rounded-control border border-line">
            <DifferenceView before={approval.command} after={edited} />
          </div>
        </section>
      )}
      <section>
        <h3 className="text-small font-semibold text-ink-faint mb-1">What would run</h3>
        <WhatWouldRun analysis={analysis} judged={judged.evaluation?.commands ?? []} />
      </section>
      <EditRisk evaluation={judged.evaluation} failed={judged.failed} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {blocked !== null && <p className="text-small text-ink-soft mr-auto">{blocked}</p>}
        <Button onClick={onCancel} shortcut="Esc">
          Back
        </Button>
        {grave ? (
          <HoldButton hold={hold} disabled={blocked !== null || busy}>
            Hold to approve the edited text
          </HoldButton>
        ) : (
          <Button look="primary" disabled={blocked !== null || busy} onClick={approve} shortcut="Ctrl ↵">
            Approve the edited text
          </Button>
        )}
      </div>
    </div>
  );
}

function EditRisk({ evaluation, failed }: { evaluation: Evaluation | undefined; failed: boolean }) {
  if (failed) return <p className="text-small text-critical">The server could not judge the edited text.</p>;
  if (!evaluation) return <p className="text-small text-ink-faint">Judging the text…</p>;
  return (
    <div className="grid grid-cols-1 gap-1">
      <RiskWord level={evaluation.risk.level} />
      <ul className="text-ink-soft">
        {evaluation.risk.reasons.map((reason) => (
          <li key={reason}>
            <InertText text={reason} prose />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How the server would judge the text; asked when the typing pauses. */
function useJudgement(approval: Approval, text: string) {
  const settled = useSettled(text, 250);
  const judged = useQuery({
    queryKey: ['evaluate', approval.id, settled],
    queryFn: ({ signal }) =>
      call('POST /rules/evaluate', {
        body: {
          command: settled,
          shell: approval.shell,
          agent_id: approval.agent.id,
          ...(approval.cwd ? { cwd: approval.cwd } : {}),
          ...(approval.target ? { target: approval.target } : {}),
        },
        signal,
      }),
    enabled: settled.trim() !== '',
    placeholderData: (previous) => previous,
  });
  return {
    evaluation: judged.data,
    current: settled === text && !judged.isPlaceholderData && judged.data !== undefined,
    failed: judged.isError,
  };
}

function refusalOf(
  text: string,
  changed: boolean,
  evaluation: Evaluation | undefined,
  current: boolean,
): string | null {
  if (text.trim() === '') return 'There is nothing to run.';
  if (!changed) return 'The text is unchanged: approve it as it is instead.';
  if (!current) return 'Waiting for the judgement of this text.';
  return evaluation?.verdict === 'deny' ? 'A rule denies this text.' : null;
}
