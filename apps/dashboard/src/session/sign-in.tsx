import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { credentials } from '../api/credentials.js';
import { formProblem } from '../api/problem.js';
import { accept, requestOpenly } from '../api/request.js';
import type { AuthMethods, SignedIn } from '../api/types.js';
import { Button } from '../ui/button.js';
import { Field, Input } from '../ui/field.js';
import { FormError } from '../ui/form-error.js';
import { Failure } from '../ui/states.js';
import { FrontPage } from './front-page.js';

export default function SignIn() {
  const methods = useQuery({
    queryKey: ['auth-methods'],
    queryFn: () => requestOpenly<AuthMethods>('GET', '/auth/methods'),
  });
  return (
    <FrontPage title="Sign in">
      {methods.isError && <Failure error={methods.error} onRetry={() => void methods.refetch()} />}
      {methods.data?.setup_required && (
        <p className="mb-4 p-3 rounded-panel bg-medium-soft">
          This installation has no owner yet. Open the one-time set-up link that the server printed when it started, or
          run <code className="whitespace-nowrap">expacti admin create</code> there.
        </p>
      )}
      {methods.data?.eval && <TokenForm />}
      {methods.data?.password && !methods.data.setup_required && <PasswordForm autoFocus={!methods.data.eval} />}
    </FrontPage>
  );
}

function PasswordForm({ autoFocus }: { autoFocus: boolean }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => requestOpenly<SignedIn>('POST', '/auth/login', { email, password }),
    onSuccess: accept,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form className="grid grid-cols-1 gap-4" onSubmit={submit}>
      <Field label="E-mail">
        {(attributes) => (
          <Input
            {...attributes}
            type="email"
            autoComplete="username"
            required
            autoFocus={autoFocus}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(attributes) => (
          <Input
            {...attributes}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <FormError text={formProblem(signIn.error, [])} />
      <Button type="submit" look="primary" size="large" disabled={signIn.isPending}>
        {signIn.isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}

function TokenForm() {
  const [token, setToken] = useState('');
  const signIn = useMutation({
    mutationFn: () => checkToken(token.trim()),
    onSuccess: () => credentials.set({ kind: 'eval', accessToken: token.trim() }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form className="grid grid-cols-1 gap-4 pb-6 mb-6 border-b border-line" onSubmit={submit}>
      <Field
        label="Demo token"
        hint={
          <>
            Evaluation mode, on this computer only. The reviewer's token is <code>demo-reviewer-token</code>.
          </>
        }
      >
        {(attributes) => (
          <Input
            {...attributes}
            autoComplete="off"
            spellCheck={false}
            required
            autoFocus
            className="font-mono"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
      <FormError text={formProblem(signIn.error, [])} />
      <Button type="submit" look="primary" size="large" disabled={signIn.isPending}>
        Open the demo
      </Button>
    </form>
  );
}

async function checkToken(token: string): Promise<void> {
  const response = await fetch('/api/v1/auth/me', { headers: { authorization: `Bearer ${token}` } });
  if (response.status === 401) throw new Error('That token is not known here.');
  if (response.status === 403) throw new Error('That is an agent’s token. Agents ask; they do not review.');
  if (!response.ok) throw new Error(`The server answered ${response.status}. Try again in a moment.`);
}
