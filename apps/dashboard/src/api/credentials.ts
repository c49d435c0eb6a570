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

credentials.subscribe(() => {
  const current = credentials.get();
  if (current.kind === 'eval') sessionStorage.setItem(EVAL_KEY, current.accessToken);
  else sessionStorage.removeItem(EVAL_KEY);
});
