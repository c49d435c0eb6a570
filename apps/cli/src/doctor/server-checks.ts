import { importJwks } from '@expacti/crypto';
import { ExpactiError, ExpactiUnauthorized, type Jwks, type RestApi, unwrap } from '@expacti/sdk';
import type { CheckResult } from './check.js';

/** Beyond this, receipts (60 s by default) begin to look expired or not yet valid. */
const SKEW_WARN_MS = 3_000;
const SKEW_FAIL_MS = 30_000;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @returns Also the answer's date, for comparing clocks; null when the server did not answer. */
export async function checkReachable(
  api: RestApi,
  url: string,
): Promise<{ result: CheckResult; response: Response | null }> {
  try {
    const { response } = await api.GET('/healthz', { signal: AbortSignal.timeout(5_000) });
    const detail = response.ok ? url : `${url} answers ${response.status}; is it an expacti server?`;
    return { result: { name: 'server', status: response.ok ? 'ok' : 'fail', detail }, response };
  } catch (error) {
    const detail = `${url} cannot be reached: ${messageOf(error)}. Start it with: expacti serve`;
    return { result: { name: 'server', status: 'fail', detail }, response: null };
  }
}

export async function checkReady(api: RestApi): Promise<CheckResult> {
  const name = 'ready';
  try {
    const { response, data, error } = await api.GET('/readyz', { signal: AbortSignal.timeout(5_000) });
    const told = JSON.stringify(data ?? error ?? '');
    return response.ok
      ? { name, status: 'ok', detail: 'database and bus answer' }
      : { name, status: 'fail', detail: `not ready: ${told}` };
  } catch (error) {
    return { name, status: 'fail', detail: messageOf(error) };
  }
}

export async function checkReceiptKeys(api: RestApi): Promise<CheckResult> {
  const name = 'receipt keys';
  try {
    const jwks = await unwrap<Jwks>(api.GET('/api/v1/receipt-keys'));
    const usable = importJwks(jwks);
    const count = jwks.keys.filter((key) => usable.has(key.kid)).length;
    if (count === 0) return { name, status: 'fail', detail: 'none usable: no receipt could be verified' };
    return { name, status: 'ok', detail: `${count} published` };
  } catch (error) {
    return { name, status: 'fail', detail: messageOf(error) };
  }
}

/**
 * The Date header counts whole seconds, so half a second either way is nothing.
 * @param now Milliseconds since 1970, when the answer came.
 */
export function checkClock(response: Response, now: number): CheckResult {
  const name = 'clock';
  const served = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(served)) return { name, status: 'skip', detail: 'the server does not say its time' };
  const skew = Math.round(now - (served + 500));
  const detail = `${(Math.abs(skew) / 1_000).toFixed(1)} s ${skew < 0 ? 'behind' : 'ahead of'} the server`;
  if (Math.abs(skew) < SKEW_WARN_MS) return { name, status: 'ok', detail: 'agrees with the server' };
  const status = Math.abs(skew) < SKEW_FAIL_MS ? 'warn' : 'fail';
  return { name, status, detail: `${detail}; receipts will seem expired or not yet valid. Set both clocks by NTP` };
}

/** Whether a token is accepted, as an agent's (`submits`) or a person's. */
export async function checkToken(api: RestApi, name: string, kind: 'agent' | 'person'): Promise<CheckResult> {
  try {
    await unwrap(api.GET('/api/v1/auth/me'));
    return kind === 'person'
      ? { name, status: 'ok', detail: 'accepted' }
      : { name, status: 'fail', detail: 'this is a person’s token, not an agent’s' };
  } catch (error) {
    // An agent may not ask who it is, but only after its token was accepted.
    if (kind === 'agent' && error instanceof ExpactiUnauthorized && error.code === 'FORBIDDEN')
      return { name, status: 'ok', detail: 'accepted' };
    const advice =
      error instanceof ExpactiError && error.code === 'UNAUTHENTICATED' ? ' Sign in again: expacti login' : '';
    return { name, status: 'fail', detail: `${messageOf(error)}${advice}` };
  }
}
