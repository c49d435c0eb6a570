import type { Analysis } from '@expacti/shell';
import { type ReactNode, useMemo } from 'react';
import { fieldProblem } from '../api/problem.js';
import type { Approval, Org, Remember } from '../api/types.js';
import { CoverageCheck, RulePreviewView } from '../rules/rule-preview-view.js';
import { ScopeSelect } from '../rules/scope-select.js';
import { Button } from '../ui/button.js';
import { Checkbox, Field, Select } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';
import { useSettled } from '../ui/use-settled.js';
import { PatternChoice } from './pattern-choice.js';
import { cannotRemember, exactLimit, isChangeable, LIFETIMES, rememberOf, ruleOf } from './remember-choice.js';
import { type RememberState, useRememberChoice } from './use-remember-choice.js';

interface RememberPanelProps {
  approval: Approval;
  analysis: Analysis;
  org: Org;
  busy: boolean;
  /** Why the last attempt was refused. */
  error: unknown;
  approveShut: string | null;
  denyShut: string | null;
  /** Draws the button that approves: for a critical request it has to be held. */
  approveButton: (label: string, disabled: boolean, onApprove: () => void) => ReactNode;
  onDecide: (verb: 'approve' | 'deny', remember: Remember) => void;
  onCancel: () => void;
}

/** Decides this request and all like it: the exact text, or a pattern, where, and for how long. */
export default function RememberPanel(props: RememberPanelProps) {
  const { approval, analysis, onCancel } = props;
  const refusal = cannotRemember(approval, analysis);
  if (refusal === null) return <RememberForm {...props} />;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="flex-1">{refusal}</p>
      <Button onClick={onCancel} shortcut="Esc">
        Back
      </Button>
    </div>
  );
}

function RememberForm(props: RememberPanelProps) {
  const { approval, analysis, org, busy, error, approveShut, denyShut, approveButton, onDecide, onCancel } = props;
  const limit = exactLimit(analysis, org);
  const state = useRememberChoice(approval, analysis, limit === 'session');
  const { choice, change } = state;
  const rule = useSettled(
    useMemo(() => ruleOf(choice, approval), [choice, approval]),
    350,
  );
  const exact = choice.patternType === 'exact';
  const forbidden =
    exact && limit === 'never'
      ? 'Your organisation does not remember lines whose words are known only when they run.'
      : null;
  const problem = fieldProblem(error, 'remember');
  const decide = (verb: 'approve' | 'deny') => onDecide(verb, rememberOf(choice));
  return (
    <div className="grid grid-cols-1 gap-3">
      <TypeScopeTime approval={approval} state={state} />
      {state.offers.length === 0 && (
        <p className="text-small text-ink-soft">
          No pattern can cover this line: some of its words are known only when it runs, or would run something else.
        </p>
      )}
      {exact && isChangeable(analysis) && (
        <p className="p-2 rounded-control bg-medium-soft text-ink">
          Part of this line is known only when it runs: the same text may do something else next time.
          {limit === 'session' && ' Your organisation remembers such lines for one session only.'}
        </p>
      )}
      {!exact && <PatternChoice approval={approval} analysis={analysis} state={state} problem={problem} />}
      {approval.session_id && (
        <Checkbox
          checked={choice.sessionOnly}
          disabled={exact && limit === 'session'}
          onChange={(event) => change({ sessionOnly: event.target.checked })}
          label="Only in this session of this agent"
        />
      )}
      {approval.kind === 'command' && (
        <div className="grid grid-cols-1 gap-1 p-2 rounded-control bg-sunken">
          <CoverageCheck rule={rule} approval={approval} />
          <RulePreviewView rule={rule} />
        </div>
      )}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Reason text={(exact ? problem : undefined) ?? forbidden ?? approveShut} />
        <Button onClick={onCancel} shortcut="Esc">
          Back
        </Button>
        <Button look="danger" disabled={busy || denyShut !== null || forbidden !== null} onClick={() => decide('deny')}>
          Deny and remember
        </Button>
        {approveButton('Approve and remember', busy || approveShut !== null || forbidden !== null, () =>
          decide('approve'),
        )}
      </div>
    </div>
  );
}

function Reason({ text }: { text: string | null }) {
  return text === null ? null : <p className="text-small text-ink-soft mr-auto">{text}</p>;
}

function TypeScopeTime({ approval, state }: { approval: Approval; state: RememberState }) {
  const { choice, change, setType, offers } = state;
  const none = offers.length === 0 ? { disabled: true, title: 'No pattern can cover this line' } : {};
  const isCommand = approval.kind === 'command';
  return (
    <div className="flex flex-wrap gap-x-6 gap-y-3 items-start">
      <Segmented
        legend="Remember"
        value={choice.patternType}
        onChange={setType}
        choices={[
          { value: 'exact', label: isCommand ? 'This exact text' : 'Exactly this' },
          { value: 'glob', label: 'A pattern', ...none },
          ...(isCommand ? [{ value: 'regex' as const, label: 'A regular expression', ...none }] : []),
        ]}
      />
      <Field label="Where" className="min-w-40 flex-1">
        {(attributes) => (
          <ScopeSelect
            {...attributes}
            value={choice.scope}
            suggestTarget={approval.target}
            onChange={(scope) => change({ scope })}
          />
        )}
      </Field>
      <Field label="How long" className="min-w-40 flex-1">
        {(attributes) => (
          <Select
            {...attributes}
            value={String(choice.ttlSeconds)}
            onChange={(event) =>
              change({ ttlSeconds: event.target.value === 'null' ? null : Number(event.target.value) })
            }
          >
            {LIFETIMES.map(({ seconds, label }) => (
              <option key={label} value={String(seconds)}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
