import { useState } from 'react';
import { fieldProblem } from '../api/problem.js';
import type { Org } from '../api/types.js';
import { Field, Input, Select } from '../ui/field.js';
import { OrgForm, WithOrg } from './org-form.js';
import { SettingsSection } from './settings-section.js';
import { useOrgChange } from './use-org-change.js';

export function LimitSettings() {
  return (
    <SettingsSection title="Remembering and limits" lead="For everybody in the organisation.">
      <WithOrg>{(org) => <LimitForm key={org.updated_at} org={org} />}</WithOrg>
    </SettingsSection>
  );
}

function LimitForm({ org }: { org: Org }) {
  const [remember, setRemember] = useState(org.remember_dynamic);
  const [limit, setLimit] = useState(org.pending_limit);
  const save = useOrgChange();
  return (
    <OrgForm
      org={org}
      changed={remember !== org.remember_dynamic || limit !== org.pending_limit}
      saving={save}
      paths={['remember_dynamic', 'pending_limit']}
      onSave={() => save.mutate({ remember_dynamic: remember, pending_limit: limit })}
    >
      <Field
        label="Remember lines whose words are known only when they run"
        hint="The text of such a line can stay the same while what it does changes: rm $FILE, for example."
        error={fieldProblem(save.error, 'remember_dynamic')}
      >
        {(attributes) => (
          <Select
            {...attributes}
            value={remember}
            onChange={(event) => setRemember(event.target.value as Org['remember_dynamic'])}
          >
            <option value="never">never</option>
            <option value="session">within one session</option>
            <option value="yes">like any other line</option>
          </Select>
        )}
      </Field>
      <Field
        label="Requests of one agent that may wait at once"
        hint="An agent that asks for more is told to wait, so that it cannot flood the queue."
        error={fieldProblem(save.error, 'pending_limit')}
      >
        {(attributes) => (
          <Input
            {...attributes}
            type="number"
            required
            min={1}
            max={10_000}
            className="max-w-32"
            value={limit}
            onChange={(event) => setLimit(Math.round(event.target.valueAsNumber || 0))}
          />
        )}
      </Field>
    </OrgForm>
  );
}
