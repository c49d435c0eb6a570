import { fieldProblem } from '../api/problem.js';
import { Field, TextArea } from '../ui/field.js';

import type { RulePartProps } from './rule-fields.js';

/** Examples that are checked whenever the rule is saved. */
export function ExampleFields({ draft, change, error }: RulePartProps) {
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
