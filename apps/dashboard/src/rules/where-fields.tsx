import { useAgents } from '../agents/use-agents.js';
import { fieldProblem } from '../api/problem.js';
import type { Shell } from '../api/types.js';
import { useMay } from '../session/session.js';
import { Field, Input, Select } from '../ui/field.js';
import type { RulePartProps } from './rule-fields.js';
import { ScopeSelect } from './scope-select.js';

const SHELLS: Shell[] = ['bash', 'sh', 'dash', 'zsh', 'fish'];

/** Where, for whom and in what surroundings a rule holds. */
export function WhereFields({ draft, change, error }: RulePartProps) {
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
