import { observeServerTime } from '../time/server-clock.js';
import { credentials } from './credentials.js';
import { ProblemError, UnreachableError } from './problem.js';
import type { QueryValue } from './route-types.js';
import type { Problem, SignedIn } from './types.js';

const BASE = '/api/v1';
/** Longer than any answer should take; the vote it may interrupt is safe to repeat, since it names version and text. */
const TIMEOUT_MS = 20_000;
/** Renewed this long before it lapses, so that no request meets an expired token in the ordinary case. */
const RENEW_EARLY_MS = 30_000;

export interface RequestOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal;
}

/** A page of another origin cannot set it, so calls that act on the refresh cookie require it. */
const csrf = { 'x-expacti-csrf': '1' };

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * One call of the REST interface, as the signed-in person.
 * @throws ProblemError when the server refuses, UnreachableError when it does not answer
 */
export async function request<Answer>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> {
  const current = credentials.get();
  if (current.kind === 'person' && current.expiresAt - RENEW_EARLY_MS < Date.now()) await renew();
  const response = await send(method, path, options);
  if (response.status !== 401 || credentials.get().kind !== 'person') return read<Answer>(response);
  // Revoked or expired between the check and the call: one renewal, one more try.
  await renew();
  return read<Answer>(await send(method, path, options));
}

/** A call that carries no access token: signing in, setting up, asking how to sign in. */
export async function requestOpenly<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  return read<Answer>(await transmit(method, path, { body }, csrf));
}

/**
 * Exchanges the refresh cookie for a new access token. Rotation makes each refresh token good for one use, so tabs take
 * turns: two at once would look like theft and end the session.
 */
export async function renew(): Promise<SignedIn> {
  const exchange = async () => read<SignedIn>(await transmit('POST', '/auth/refresh', { body: {} }, csrf));
  try {
    const answer = await ('locks' in navigator ? navigator.locks.request('expacti-refresh', exchange) : exchange());
    accept(answer);
    return answer;
  } catch (error) {
    if (error instanceof ProblemError) credentials.set({ kind: 'none' });
    throw error;
  }
}

export function accept(answer: SignedIn): void {
  credentials.set({
    kind: 'person',
    accessToken: answer.access_token,
    expiresAt: Date.now() + answer.expires_in * 1000,
  });
}

function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const current = credentials.get();
  return transmit(
    method,
    path,
    options,
    current.kind === 'none' ? {} : { authorization: `Bearer ${current.accessToken}` },
  );
}

async function transmit(
  method: Method,
  path: string,
  options: RequestOptions,
  headers: Record<string, string>,
): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const sentAt = Date.now();
  try {
    const response = await fetch(`${BASE}${path}${searchOf(options.query)}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    observeServerTime(response.headers.get('date'), sentAt, Date.now());
    return response;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new UnreachableError(error instanceof Error ? error.message : String(error));
  }
}

async function read<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  if (response.ok) {
    try {
      return (text === '' ? null : JSON.parse(text)) as Answer;
    } catch {
      throw new UnreachableError('The answer is not JSON: something between this page and the server replied instead.');
    }
  }
  throw refusal(response, text);
}

function refusal(response: Response, text: string): Error {
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  try {
    const body = JSON.parse(text) as Problem;
    if (typeof body.code === 'string' && typeof body.title === 'string') return new ProblemError(body, retryAfter);
  } catch {
    // Not a problem document: a proxy's error page, for example.
  }
  return new UnreachableError(`HTTP ${response.status} without an explanation.`);
}

/** `?a=1&b=x` of the values that are set; nothing when none is. */
export function searchOf(query: Record<string, QueryValue> = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (set.length === 0) return '';
  return `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()}`;
}
