import type { Analysis } from '@expacti/shell';
import { type ReactNode, useMemo, useState } from 'react';
import type { Approval, Org, Remember, RuleScope } from '../api/types.js';
import { CoverageCheck, RulePreviewView } from '../rules/rule-preview-view.js';
import { ScopeSelect } from '../rules/scope-select.js';
import { Button } from '../ui/button.js';
import { Checkbox, Field, Input, Select } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';
import { useSettled } from '../ui/use-settled.js';
import { globPattern, patternWords, regexPattern, suggestedWildcards } from './generalize.js';
import { GeneralizeWords } from './generalize-words.js';
import {
  cannotRemember,
  exactLimit,
  isChangeable,
  LIFETIMES,
  type RememberChoice,
  rememberOf,
  ruleOf,
} from './remember-choice.js';

interface RememberPanelProps {
  approval: Approval;
  analysis: Analysis;
  org: Org;
  busy: boolean;
  approveShut: string | null;
  denyShut: string | null;
  /** Draws the button that approves: for a critical request it has to be held. */
  approveButton: (label: string, disabled: boolean, onApprove: () => void) => ReactNode;
  onDecide: (verb: 'approve' | 'deny', remember: Remember) => void;
  onCancel: () => void;
}

/** Decides this request and all like it: the exact text, or a pattern, where, and for how long. */
export function RememberPanel(props: RememberPanelProps) {
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

function RememberForm({
  approval,
  analysis,
  org,
  busy,
  approveShut,
  denyShut,
  approveButton,
  onDecide,
  onCancel,
}: RememberPanelProps) {
  const limit = exactLimit(analysis, org);
  const { choice, change, part, setPart, wildcards, setWildcards } = useRememberChoice(
    approval,
    analysis,
    limit === 'session',
  );
  const rule = useSettled(
    useMemo(() => ruleOf(choice, approval), [choice, approval]),
    350,
  );
  const forbidden =
    choice.patternType === 'exact' && limit === 'never'
      ? 'Your organisation does not remember lines whose words are known only when they run.'
      : null;
  const decide = (verb: 'approve' | 'deny') => onDecide(verb, rememberOf(choice));
  const command = analysis.commands[part];
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap gap-x-6 gap-y-3 items-start">
        <Segmented
          legend="Remember"
          value={choice.patternType}
          onChange={(patternType) => change({ patternType })}
          choices={[
            { value: 'exact', label: 'This exact text' },
            { value: 'glob', label: 'A pattern', disabled: analysis.commands.length === 0 },
            { value: 'regex', label: 'A regular expression', disabled: analysis.commands.length === 0 },
          ]}
        />
        <Field label="Where" className="min-w-40 flex-1">
          {(attributes) => (
            <ScopeSelect
              {...attributes}
              value={choice.scope}
              suggestTarget={approval.target}
              onChange={(scope: RuleScope) => change({ scope })}
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
      {choice.patternType === 'exact' && isChangeable(analysis) && (
        <p className="p-2 rounded-control bg-medium-soft text-ink">
          Part of this line is known only when it runs: the same text may do something else next time.
          {limit === 'session' && ' Your organisation remembers such lines for one session only.'}
        </p>
      )}
      {choice.patternType !== 'exact' && command && (
        <>
          {analysis.commands.length > 1 && (
            <Field
              label="Which command of the line"
              hint="A rule covers one command; the line runs unattended when each of its commands is covered."
            >
              {(attributes) => (
                <Select {...attributes} value={part} onChange={(event) => setPart(Number(event.target.value))}>
                  {analysis.commands.map((candidate, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the commands of one line keep their places
                    <option key={index} value={index}>
                      {candidate.text}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <GeneralizeWords words={patternWords(command)} wildcards={wildcards} onChange={setWildcards} />
          <Field
            label={choice.patternType === 'glob' ? 'Pattern' : 'Regular expression (RE2, matches the whole command)'}
          >
            {(attributes) => (
              <Input
                {...attributes}
                className="font-mono exact-text"
                spellCheck={false}
                value={choice.pattern}
                onChange={(event) => change({ pattern: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
      {approval.session_id && (
        <Checkbox
          checked={choice.sessionOnly}
          disabled={choice.patternType === 'exact' && limit === 'session'}
          onChange={(event) => change({ sessionOnly: event.target.checked })}
          label="Only in this session of this agent"
        />
      )}
      <div className="grid grid-cols-1 gap-1 p-2 rounded-control bg-sunken">
        <CoverageCheck rule={rule} approval={approval} />
        <RulePreviewView rule={rule} />
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2">
        {(forbidden ?? approveShut) && <p className="text-small text-ink-soft mr-auto">{forbidden ?? approveShut}</p>}
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

/** The choice, with the pattern following the words that may vary until somebody types one by hand. */
function useRememberChoice(approval: Approval, analysis: Analysis, sessionOnly: boolean) {
  const first = Math.max(
    0,
    analysis.commands.findIndex((command) => command.patternable),
  );
  const [part, choosePart] = useState(first);
  const [wildcards, chooseWildcards] = useState<ReadonlySet<number>>(() => new Set(suggestedOf(analysis, first)));
  const [choice, setChoice] = useState<RememberChoice>({
    effect: 'allow',
    patternType: 'exact',
    pattern: approval.command,
    scope: { type: 'global' },
    ttlSeconds: 30 * 86_400,
    sessionOnly,
  });
  const patternFor = (type: RememberChoice['patternType'], index: number, chosen: ReadonlySet<number>) => {
    const command = analysis.commands[index];
    if (type === 'exact' || !command) return approval.command;
    return type === 'glob' ? globPattern(command, chosen) : regexPattern(command, chosen);
  };
  const change = (update: Partial<RememberChoice>) =>
    setChoice((current) => {
      const next = { ...current, ...update };
      if (update.patternType && update.patternType !== current.patternType) {
        next.pattern = patternFor(update.patternType, part, wildcards);
        next.sessionOnly = update.patternType === 'exact' ? sessionOnly : current.sessionOnly && !sessionOnly;
      }
      return next;
    });
  const setWildcards = (next: ReadonlySet<number>) => {
    chooseWildcards(next);
    change({ pattern: patternFor(choice.patternType, part, next) });
  };
  const setPart = (next: number) => {
    const chosen = new Set(suggestedOf(analysis, next));
    choosePart(next);
    chooseWildcards(chosen);
    change({ pattern: patternFor(choice.patternType, next, chosen) });
  };
  return { choice, change, part, setPart, wildcards, setWildcards };
}

function suggestedOf(analysis: Analysis, part: number): number[] {
  const command = analysis.commands[part];
  return command ? suggestedWildcards(patternWords(command)) : [];
}
