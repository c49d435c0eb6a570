import type { Answer } from '../support/rest.js';

/** Longer than this nobody waits for an answer: it is unknown then what became of the request. */
export const ANSWER_WITHIN_MS = 5_000;

/**
 * Asks once. Null where it is unknown whether the request had an effect: the connection was lost, nobody answered in
 * time, or the answer was that something is down (5xx).
 */
export async function attempt(
  url: string,
  token: string | null,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer | null> {
  try {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500) return null;
    return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers };
  } catch {
    return null;
  }
}
