import { Plus, X } from 'lucide-react';
import { fieldProblem } from '../api/problem.js';
import { Button, IconButton } from '../ui/button.js';
import { Input, Select } from '../ui/field.js';
import type { RuleDraft } from './rule-draft.js';

import type { RulePartProps } from './rule-fields.js';

/** Conditions on the arguments of a tool call. */
export function MatcherFields({ draft, change, error }: RulePartProps) {
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
