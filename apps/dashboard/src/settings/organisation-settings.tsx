import { useState } from 'react';
import { fieldProblem } from '../api/problem.js';
import type { Org } from '../api/types.js';
import { Checkbox, Field, Input } from '../ui/field.js';
import { OrgForm, WithOrg } from './org-form.js';
import { SettingsSection } from './settings-section.js';
import { useOrgChange } from './use-org-change.js';

export function OrganisationSettings() {
  return (
    <SettingsSection title="Name and approval" lead="For everybody in the organisation.">
      <WithOrg>{(org) => <OrganisationForm key={org.updated_at} org={org} />}</WithOrg>
    </SettingsSection>
  );
}

function OrganisationForm({ org }: { org: Org }) {
  const [name, setName] = useState(org.name);
  const [onePerson, setOnePerson] = useState(org.one_person_approval);
  const save = useOrgChange();
  return (
    <OrgForm
      org={org}
      changed={name !== org.name || onePerson !== org.one_person_approval}
      saving={save}
      paths={['name']}
      onSave={() => save.mutate({ name, one_person_approval: onePerson })}
    >
      <Field label="Name" error={fieldProblem(save.error, 'name')}>
        {(attributes) => (
          <Input
            {...attributes}
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Checkbox
        checked={onePerson}
        onChange={(event) => setOnePerson(event.target.checked)}
        label="One-person approval"
        hint="The owner of an agent may approve what it asks for. Off is safer: then somebody else has to. The choice is recorded and shown."
      />
    </OrgForm>
  );
}
