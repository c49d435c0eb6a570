import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { fieldProblem, formProblem } from '../api/problem.js';
import { requestOpenly } from '../api/request.js';
import { Button } from '../ui/button.js';
import { Field, Input } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';
import { notify } from '../ui/notices.js';
import { FrontPage } from './front-page.js';
import { linkToken } from './link-token.js';

/** An invited person chooses a password. */
export default function InvitationPage() {
  const token = linkToken(window.location.hash);
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const join = useMutation({
    mutationFn: () => requestOpenly('POST', '/auth/invitation', { token, password }),
    onSuccess: () => {
      notify('good', 'Your password is set. Sign in with it.');
      void navigate({ to: '/queue/{-$approvalId}', replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    join.mutate();
  };
  return (
    <FrontPage title="Join as a reviewer" lead="Choose the password that you will sign in with.">
      <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
        <Field label="Password" hint="At least 12 characters." error={fieldProblem(join.error, 'password')}>
          {(attributes) => (
            <Input
              {...attributes}
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <FormError
          text={
            token === ''
              ? 'This address lacks its token. Open the whole link that you were given.'
              : formProblem(join.error, ['password'])
          }
        />
        <Button type="submit" look="primary" size="large" disabled={join.isPending || token === ''}>
          Set the password
        </Button>
      </form>
    </FrontPage>
  );
}
