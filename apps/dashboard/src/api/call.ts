import { request } from './request.js';
import type { AnswerOf, CallOptions, QueryValue, RouteKey } from './route-types.js';

interface AnyOptions {
  params?: Record<string, string>;
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal;
}

type Optional<Key extends RouteKey> = Record<never, never> extends CallOptions<Key> ? true : false;

/**
 * Calls one route as the signed-in person: `call('GET /approvals/{id}', { params: { id } })`.
 * @throws ProblemError when the server refuses, UnreachableError when it does not answer
 */
export function call<Key extends RouteKey>(
  key: Key,
  ...[options]: Optional<Key> extends true ? [CallOptions<Key>?] : [CallOptions<Key>]
): Promise<AnswerOf<Key>> {
  const { params = {}, query, body, signal } = (options ?? {}) as AnyOptions;
  const [method, path] = key.split(' ') as ['GET' | 'POST' | 'PATCH' | 'DELETE', string];
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return request<AnswerOf<Key>>(method, filled, {
    ...(query ? { query } : {}),
    ...(method === 'POST' || method === 'PATCH' ? { body: body ?? {} } : {}),
    ...(signal ? { signal } : {}),
  });
}
