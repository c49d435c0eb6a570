import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { fieldProblem, formProblem } from '../api/problem.js';
import { accept, requestOpenly } from '../api/request.js';
import type { SignedIn } from '../api/types.js';
import { Button } from '../ui/button.js';
import { Checkbox, Field, Input } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';
import { FrontPage } from './front-page.js';
import { linkToken } from './link-token.js';

const paths = ['email', 'name', 'password', 'org_name'];

/** Creates the first owner, with the one-time link that the server printed. */
export default function SetupPage() {
  const token = linkToken(window.location.hash);
  const navigate = useNavigate();
  const [form, setForm] = useState({ org_name: '', name: '', email: '', password: '', one_person_approval: false });
  const change = (part: Partial<typeof form>) => setForm((current) => ({ ...current, ...part }));
  const setUp = useMutation({
    mutationFn: () => requestOpenly<SignedIn>('POST', '/auth/setup', { token, ...form }),
    onSuccess: (answer) => {
      accept(answer);
      void navigate({ to: '/queue/{-$approvalId}', replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate();
  };
  const text = (
    name: 'org_name' | 'name' | 'email' | 'password',
    label: string,
    more: { type?: string; autoComplete: string; hint?: string },
  ) => (
    <Field label={label} error={fieldProblem(setUp.error, name)} hint={more.hint}>
      {(attributes) => (
        <Input
          {...attributes}
          required
          type={more.type ?? 'text'}
          autoComplete={more.autoComplete}
          value={form[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <FrontPage title="Set up expacti" lead="You become the owner: you can do everything, and invite others.">
      {token === '' ? (
        <p className="p-3 rounded-control bg-medium-soft">
          This address lacks its token. Open the whole link that the server printed when it started.
        </p>
      ) : (
        <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
          {text('org_name', 'Organisation', { autoComplete: 'organization' })}
          {text('name', 'Your name', { autoComplete: 'name', hint: 'Shown beside each of your decisions.' })}
          {text('email', 'E-mail', { type: 'email', autoComplete: 'username' })}
          {text('password', 'Password', {
            type: 'password',
            autoComplete: 'new-password',
            hint: 'At least 12 characters.',
          })}
          <Checkbox
            checked={form.one_person_approval}
            onChange={(event) => change({ one_person_approval: event.target.checked })}
            label="I work alone: I may approve what my own agents ask"
            hint="Otherwise somebody else has to. This choice is recorded and shown to everyone."
          />
          <FormError text={formProblem(setUp.error, paths)} />
          <Button type="submit" look="primary" size="large" disabled={setUp.isPending}>
            Create the owner and sign in
          </Button>
        </form>
      )}
    </FrontPage>
  );
}
