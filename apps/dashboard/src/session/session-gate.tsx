import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { call } from '../api/call.js';
import { credentials, mayHaveSession } from '../api/credentials.js';
import { keys } from '../api/keys.js';
import { ProblemError } from '../api/problem.js';
import { renew } from '../api/request.js';
import { Failure } from '../ui/states.js';
import { useStore } from '../ui/store.js';
import { SessionContext } from './session.js';

const SignIn = lazy(() => import('./sign-in.js'));

/**
 * Shows the pages to who is signed in, and the sign-in form in their place to anybody else: the address stays, so that
 * a link to a request still leads there afterwards.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const current = useStore(credentials);
  const restored = useRestoredSignIn();
  const signedIn = current.kind !== 'none';
  const me = useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => call('GET /auth/me', { signal }),
    enabled: signedIn,
  });

  const refused = me.error instanceof ProblemError && me.error.problem.status === 401;
  useEffect(() => {
    if (refused) credentials.set({ kind: 'none' });
  }, [refused]);

  if (restored.kind === 'failed' && !signedIn) return <Failure error={restored.error} onRetry={restored.retry} />;
  if (restored.kind === 'trying' && !signedIn) return <Waiting />;
  if (!signedIn || refused) {
    return (
      <Suspense fallback={<Waiting />}>
        <SignIn />
      </Suspense>
    );
  }
  if (me.isError) return <Failure error={me.error} onRetry={() => void me.refetch()} />;
  if (!me.data) return <Waiting />;
  return <SessionContext value={me.data}>{children}</SessionContext>;
}

type Restored = { kind: 'trying' } | { kind: 'done' } | { kind: 'failed'; error: unknown; retry: () => void };

/** Tries the refresh cookie once at the start: a reload must not ask for the password again. */
function useRestoredSignIn(): Restored {
  const [restored, setRestored] = useState<Restored>({ kind: 'trying' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is what `attempt` is for
  useEffect(() => {
    if (credentials.get().kind !== 'none' || !mayHaveSession()) {
      setRestored({ kind: 'done' });
      return;
    }
    let abandoned = false;
    const settle = (next: Restored) => {
      if (!abandoned) setRestored(next);
    };
    renew().then(
      () => settle({ kind: 'done' }),
      (error) =>
        settle(
          error instanceof ProblemError
            ? { kind: 'done' }
            : { kind: 'failed', error, retry: () => setAttempt((count) => count + 1) },
        ),
    );
    return () => {
      abandoned = true;
    };
  }, [attempt]);
  return restored;
}

function Waiting() {
  return (
    <div role="status" className="h-full grid place-items-center text-ink-faint">
      <span className="pulse-shape">Opening expacti…</span>
    </div>
  );
}
