import { useState } from 'react';
import { fieldProblem } from '../api/problem.js';
import type { Org, Timeout } from '../api/types.js';
import { spokenDuration } from '../time/deadline.js';
import { Checkbox, Field, Input } from '../ui/field.js';
import { OrgForm, WithOrg } from './org-form.js';
import { SettingsSection } from './settings-section.js';
import { ACTIONS, boundsOf, fitted } from './timeout-choice.js';
import { useOrgChange } from './use-org-change.js';

export function TimeoutSettings() {
  return (
    <SettingsSection
      title="When nobody answers"
      lead="For every request of the organisation from now on; those that already wait keep their deadline."
    >
      <WithOrg>{(org) => <TimeoutForm key={org.updated_at} org={org} />}</WithOrg>
    </SettingsSection>
  );
}

function TimeoutForm({ org }: { org: Org }) {
  const [timeout, chooseTimeout] = useState<Timeout>(org.timeout);
  const [confirmed, setConfirmed] = useState(false);
  const save = useOrgChange();
  const { least, most } = boundsOf(timeout.action);
  const needsConfirmation = timeout.action === 'allow' && org.timeout.action !== 'allow';
  const known = ACTIONS.some(({ action }) => action === timeout.action);
  return (
    <OrgForm
      org={org}
      changed={
        (timeout.action !== org.timeout.action || timeout.seconds !== org.timeout.seconds) &&
        (!needsConfirmation || confirmed)
      }
      saving={save}
      paths={['timeout']}
      onSave={() => save.mutate({ timeout, ...(needsConfirmation ? { confirm_allow_timeout: confirmed } : {}) })}
    >
      <fieldset className="grid grid-cols-1 gap-2">
        <legend className="font-medium mb-1">A request that nobody answers in time</legend>
        {ACTIONS.map(({ action, label, explains }) => (
          <label
            key={action}
            className="flex gap-2 p-2 rounded-control border border-line has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name="timeout-action"
              className="mt-0.5 size-4 accent-accent-fill shrink-0"
              checked={timeout.action === action}
              onChange={() => chooseTimeout({ action, seconds: fitted(action, timeout.seconds) })}
            />
            <span>
              <span className="font-medium">{label}</span>
              <span className="block text-small text-ink-soft">{explains}</span>
            </span>
          </label>
        ))}
        {!known && <p className="text-ink-soft">At present: {timeout.action}.</p>}
      </fieldset>
      <Field
        label="After how many seconds"
        error={fieldProblem(save.error, 'timeout')}
        hint={`${spokenDuration(timeout.seconds)}. At least ${spokenDuration(least)}, so that a person has time to read; at most ${spokenDuration(most)}, so that no agent waits for nothing.`}
      >
        {(attributes) => (
          <Input
            {...attributes}
            type="number"
            required
            min={least}
            max={most}
            className="max-w-32"
            value={timeout.seconds}
            onChange={(event) => chooseTimeout({ ...timeout, seconds: Math.round(event.target.valueAsNumber || 0) })}
          />
        )}
      </Field>
      {needsConfirmation && (
        <Checkbox
          checked={confirmed}
          onChange={(event) => setConfirmed(event.target.checked)}
          label="I am an owner, and I want unanswered low-risk commands to run"
        />
      )}
    </OrgForm>
  );
}
