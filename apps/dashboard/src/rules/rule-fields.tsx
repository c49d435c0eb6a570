import { Plus, X } from 'lucide-react';
import { useAgents } from '../agents/use-agents.js';
import { fieldProblem } from '../api/problem.js';
import type { CommandKind, Shell } from '../api/types.js';
import { useMay } from '../session/session.js';
import { Button, IconButton } from '../ui/button.js';
import { Checkbox, Field, Input, Select, TextArea } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';
import { fromLocalDateTime, localDateTime, type RuleDraft } from './rule-draft.js';
import { ScopeSelect } from './scope-select.js';

/** Fields whose problems are shown beside them; others are shown at the foot of the form. */
export const FIELD_PATHS = ['pattern', 'scope', 'cwd', 'expires_at', 'examples', 'note', 'matchers'];

interface PartProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  error: unknown;
}

export function RuleFields(props: PartProps) {
  const { draft, change } = props;
  return (
    <>
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <Segmented
          legend="What it does"
          value={draft.effect}
          onChange={(effect) => change({ effect })}
          choices={[
            { value: 'allow', label: 'Allow' },
            { value: 'review', label: 'Review', title: 'Hold for a person even where another rule allows' },
            { value: 'deny', label: 'Deny' },
          ]}
        />
        <Segmented<CommandKind>
          legend="Of what"
          value={draft.kind}
          onChange={(kind) => change({ kind, ...(kind === 'command' ? {} : { pattern_type: 'glob' }) })}
          choices={[
            { value: 'command', label: 'Commands' },
            { value: 'tool_call', label: 'Tool calls' },
            { value: 'file_transfer', label: 'File transfers' },
          ]}
        />
      </div>
      <PatternField {...props} />
      {draft.kind === 'tool_call' && <MatcherFields {...props} />}
      {draft.kind === 'file_transfer' && <DirectionField {...props} />}
      <WhereFields {...props} />
      <WhenFields {...props} />
      {draft.kind === 'command' && <ExampleFields {...props} />}
      <Field label="Note" hint="Why this rule exists." error={fieldProblem(props.error, 'note')}>
        {(attributes) => (
          <TextArea
            {...attributes}
            rows={2}
            value={draft.note}
            onChange={(event) => change({ note: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

const patternHints: Record<RuleDraft['pattern_type'], string> = {
  exact: 'These bytes and nothing else.',
  glob: 'Matched word by word on one command: * is any characters within one word, ** any number of words. A wildcard never covers a variable, a redirection or a second command.',
  regex: 'RE2, matching the whole of one command whose words are all literal, joined by single spaces.',
};

function PatternField({ draft, change, error }: PartProps) {
  const label = draft.kind === 'command' ? 'Pattern' : draft.kind === 'tool_call' ? 'Tool' : 'Paths';
  return (
    <div className="grid grid-cols-1 gap-3">
      {draft.kind === 'command' && (
        <Segmented
          legend="How it matches"
          value={draft.pattern_type}
          onChange={(pattern_type) => change({ pattern_type })}
          choices={[
            { value: 'exact', label: 'Exact text' },
            { value: 'glob', label: 'Pattern' },
            { value: 'regex', label: 'Regular expression' },
          ]}
        />
      )}
      <Field
        label={label}
        hint={draft.kind === 'command' ? patternHints[draft.pattern_type] : 'A glob: * is any characters.'}
        error={fieldProblem(error, 'pattern')}
      >
        {(attributes) => (
          <TextArea
            {...attributes}
            required
            rows={2}
            spellCheck={false}
            autoCapitalize="off"
            className="font-mono exact-text"
            placeholder={
              draft.kind === 'command' ? 'git fetch *' : draft.kind === 'tool_call' ? 'browser.*' : '/srv/reports/*'
            }
            value={draft.pattern}
            onChange={(event) => change({ pattern: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function MatcherFields({ draft, change, error }: PartProps) {
  const replace = (index: number, part: Partial<RuleDraft['matchers'][number]>) =>
    change({ matchers: draft.matchers.map((matcher, place) => (place === index ? { ...matcher, ...part } : matcher)) });
  return (
    <fieldset>
      <legend className="font-medium">And its arguments</legend>
      <p className="text-small text-ink-faint mb-1">A JSON pointer names the place, /url for example. All must hold.</p>
      <div className="grid grid-cols-1 gap-2">
        {draft.matchers.map((matcher, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are edited in place and have no name of their own
          <div key={index} className="flex gap-2">
            <Input
              aria-label="Place"
              placeholder="/path"
              className="font-mono"
              value={matcher.pointer}
              onChange={(event) => replace(index, { pointer: event.target.value })}
            />
            <Select
              aria-label="Comparison"
              className="w-auto"
              value={matcher.mode}
              onChange={(event) => replace(index, { mode: event.target.value === 'glob' ? 'glob' : 'equals' })}
            >
              <option value="equals">is</option>
              <option value="glob">matches</option>
            </Select>
            <Input
              aria-label="Value"
              className="font-mono"
              value={matcher.value}
              onChange={(event) => replace(index, { value: event.target.value })}
            />
            <IconButton
              label="Remove this condition"
              onClick={() => change({ matchers: draft.matchers.filter((_, place) => place !== index) })}
            >
              <X size={14} aria-hidden="true" />
            </IconButton>
          </div>
        ))}
      </div>
      {fieldProblem(error, 'matchers') && <p className="text-small text-critical">{fieldProblem(error, 'matchers')}</p>}
      <Button
        size="small"
        className="mt-2"
        onClick={() => change({ matchers: [...draft.matchers, { pointer: '', mode: 'glob', value: '' }] })}
      >
        <Plus size={14} aria-hidden="true" /> Condition
      </Button>
    </fieldset>
  );
}

function DirectionField({ draft, change }: PartProps) {
  return (
    <Segmented
      legend="Direction"
      value={draft.direction ?? 'both'}
      onChange={(direction) => change({ direction: direction === 'both' ? null : direction })}
      choices={[
        { value: 'both', label: 'Both' },
        { value: 'upload', label: 'To the target' },
        { value: 'download', label: 'From the target' },
      ]}
    />
  );
}

const SHELLS: Shell[] = ['bash', 'sh', 'dash', 'zsh', 'fish'];

function WhereFields({ draft, change, error }: PartProps) {
  const mayReadAgents = useMay('agents:read');
  const agents = useAgents(mayReadAgents).data?.data ?? [];
  return (
    <div className="grid grid-cols-1 sm:grid-cols-2 gap-4">
      <Field label="Where" error={fieldProblem(error, 'scope')}>
        {(attributes) => <ScopeSelect {...attributes} value={draft.scope} onChange={(scope) => change({ scope })} />}
      </Field>
      <Field label="For whom">
        {(attributes) => (
          <Select
            {...attributes}
            value={draft.agent_id ?? ''}
            onChange={(event) => change({ agent_id: event.target.value || null })}
          >
            <option value="">every agent</option>
            {agents.map(({ id, name }) => (
              <option key={id} value={id}>
                only {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.kind === 'command' && (
        <>
          <Field label="In which directory" hint="Empty: any." error={fieldProblem(error, 'cwd')}>
            {(attributes) => (
              <Input
                {...attributes}
                className="font-mono"
                placeholder="/srv/app"
                value={draft.cwd}
                onChange={(event) => change({ cwd: event.target.value })}
              />
            )}
          </Field>
          <Field label="In which shell">
            {(attributes) => (
              <Select
                {...attributes}
                value={draft.shell ?? ''}
                onChange={(event) => change({ shell: SHELLS.find((shell) => shell === event.target.value) ?? null })}
              >
                <option value="">any</option>
                {SHELLS.map((shell) => (
                  <option key={shell}>{shell}</option>
                ))}
              </Select>
            )}
          </Field>
        </>
      )}
    </div>
  );
}

function WhenFields({ draft, change, error }: PartProps) {
  return (
    <div className="grid grid-cols-1 gap-3">
      <Field label="Until" hint="Empty: until somebody removes it." error={fieldProblem(error, 'expires_at')}>
        {(attributes) => (
          <Input
            {...attributes}
            type="datetime-local"
            className="max-w-64"
            value={localDateTime(draft.expires_at)}
            onChange={(event) => change({ expires_at: fromLocalDateTime(event.target.value) })}
          />
        )}
      </Field>
      {draft.kind === 'command' && draft.effect === 'allow' && draft.pattern_type !== 'exact' && (
        <Checkbox
          label="Also behind a pipe"
          hint="Otherwise only well-known filters may read what another command prints."
          checked={draft.pipeline}
          onChange={(event) => change({ pipeline: event.target.checked })}
        />
      )}
      <Checkbox
        label="Shadow: only report what it would have done"
        hint="It decides nothing until this is off."
        checked={draft.shadow}
        onChange={(event) => change({ shadow: event.target.checked })}
      />
    </div>
  );
}

function ExampleFields({ draft, change, error }: PartProps) {
  const problem = fieldProblem(error, 'examples');
  return (
    <div className="grid grid-cols-1 sm:grid-cols-2 gap-4">
      <Field label="Must match" hint="One command a line, checked when the rule is saved." error={problem}>
        {(attributes) => (
          <TextArea
            {...attributes}
            rows={3}
            spellCheck={false}
            className="font-mono"
            value={draft.matches}
            onChange={(event) => change({ matches: event.target.value })}
          />
        )}
      </Field>
      <Field label="Must not match" hint="One command a line.">
        {(attributes) => (
          <TextArea
            {...attributes}
            rows={3}
            spellCheck={false}
            className="font-mono"
            value={draft.does_not_match}
            onChange={(event) => change({ does_not_match: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
