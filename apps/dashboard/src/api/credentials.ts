import { createStore } from '../ui/store.js';

const EVAL_KEY = 'expacti.eval-token';

/** How this browser proves who it is. The refresh token is an HttpOnly cookie that no script can read. */
export type Credentials =
  | { kind: 'none' }
  | { kind: 'person'; accessToken: string; expiresAt: number }
  /** Evaluation mode only (loopback): kept for this tab, so that a reload does not ask again. */
  | { kind: 'eval'; accessToken: string };

function remembered(): Credentials {
  const token = sessionStorage.getItem(EVAL_KEY);
  return token === null ? { kind: 'none' } : { kind: 'eval', accessToken: token };
}

export const credentials = createStore<Credentials>(remembered());

const HINT_KEY = 'expacti.signed-in';

/** Whether a person signed in from this browser before, so that a refresh cookie may be there to try. */
export function mayHaveSession(): boolean {
  try {
    return localStorage.getItem(HINT_KEY) !== null;
  } catch {
    return true;
  }
}

function keepHint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(HINT_KEY, '1');
    else localStorage.removeItem(HINT_KEY);
  } catch {
    // Storage is blocked: the cookie is then tried each time.
  }
}

credentials.subscribe(() => {
  const current = credentials.get();
  keepHint(current.kind === 'person');
  if (current.kind === 'eval') sessionStorage.setItem(EVAL_KEY, current.accessToken);
  else sessionStorage.removeItem(EVAL_KEY);
});
