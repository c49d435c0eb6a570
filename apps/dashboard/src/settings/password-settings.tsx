import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.js';
import { fieldProblem, formProblem } from '../api/problem.js';
import { useMe } from '../session/session.js';
import { Button } from '../ui/button.js';
import { Field, Input } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';
import { notify } from '../ui/notices.js';
import { SettingsSection } from './settings-section.js';

export function PasswordSettings() {
  const { user } = useMe();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = useMutation({
    mutationFn: () => call('POST /auth/password', { body: { current_password: current, new_password: next } }),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      notify('good', 'Your password is changed; your other sign-ins have ended.');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <SettingsSection title="Password" lead="For you. Every other browser in which you are signed in is signed out.">
      <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
        <input type="email" autoComplete="username" value={user.email} readOnly hidden />
        <Field label="Present password" error={fieldProblem(save.error, 'current_password')}>
          {(attributes) => (
            <Input
              {...attributes}
              type="password"
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <Field label="New password" hint="At least 12 characters." error={fieldProblem(save.error, 'new_password')}>
          {(attributes) => (
            <Input
              {...attributes}
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          )}
        </Field>
        <FormError text={formProblem(save.error, ['current_password', 'new_password'])} />
        <Button type="submit" look="primary" className="justify-self-start" disabled={save.isPending}>
          Change the password
        </Button>
      </form>
    </SettingsSection>
  );
}
