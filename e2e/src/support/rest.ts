/** An answer of the server, its body read as JSON where it is JSON. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: black-box tests look into whatever came
  body: T extends Record<string, unknown> ? any : T;
  headers: Headers;
}

export type Caller = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** Speaks REST as one identity. `path` is below `/api/v1` unless it begins with a double slash. */
export const caller =
  (url: string, token: string | null): Caller =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(url + (path.startsWith('//') ? path.slice(1) : `/api/v1${path}`), {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  };

export const SHELL_TOKEN = 'demo-shell-token';
export const REVIEWER_TOKEN = 'demo-reviewer-token';
