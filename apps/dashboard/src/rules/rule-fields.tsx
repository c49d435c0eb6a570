import { fieldProblem } from '../api/problem.js';
import type { CommandKind } from '../api/types.js';
import { Checkbox, Field, Input, TextArea } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';
import { ExampleFields } from './example-fields.js';
import { MatcherFields } from './matcher-fields.js';
import { fromLocalDateTime, localDateTime, type RuleDraft } from './rule-draft.js';
import { WhereFields } from './where-fields.js';

/** Fields whose problems are shown beside them; others are shown at the foot of the form. */
export const FIELD_PATHS = ['pattern', 'scope', 'cwd', 'expires_at', 'examples', 'note', 'matchers'];

export interface RulePartProps {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
  error: unknown;
}

export function RuleFields(props: RulePartProps) {
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

function PatternField({ draft, change, error }: RulePartProps) {
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
              draft.kind === 'command' ? 'docker logs *' : draft.kind === 'tool_call' ? 'browser.*' : '/srv/reports/*'
            }
            value={draft.pattern}
            onChange={(event) => change({ pattern: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function DirectionField({ draft, change }: RulePartProps) {
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

function WhenFields({ draft, change, error }: RulePartProps) {
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
