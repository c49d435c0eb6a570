import type { ROUTES } from '@expacti/contracts';

/*
 * Types only. They read the contracts' table of routes, so that a call with a wrong path, query or body, or a use of a
 * field that the answer lacks, does not compile. Nothing of that package reaches the browser.
 */

type Routes = typeof ROUTES;
type ByKey = { [Name in keyof Routes as `${Routes[Name]['method']} ${Routes[Name]['path']}`]: Routes[Name] };

/** `GET /approvals/{id}`: a method and a path below `/api/v1`, parameters in braces. */
export type RouteKey = keyof ByKey;

type Output<Schema> = Schema extends { _output: infer Value } ? Value : never;
type Input<Schema> = Schema extends { _input: infer Value } ? Value : never;

/** What the server answers when it does what was asked. */
export type AnswerOf<Key extends RouteKey> = Output<ByKey[Key]['responses'][keyof ByKey[Key]['responses']]>;

type Parameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Parameters<Rest>
  : never;

type BodyPart<Key extends RouteKey> = ByKey[Key] extends { body: infer Schema }
  ? undefined extends Input<Schema>
    ? { body?: Input<Schema> }
    : { body: Input<Schema> }
  : { body?: undefined };
type QueryPart<Key extends RouteKey> = ByKey[Key] extends { query: infer Schema }
  ? { query?: { [Name in keyof Input<Schema>]?: QueryValue } }
  : { query?: undefined };
type ParametersPart<Key extends string> = [Parameters<Key>] extends [never]
  ? { params?: undefined }
  : { params: Record<Parameters<Key>, string> };

export type QueryValue = string | number | boolean | null | undefined;

/** What a call of this route needs, and what it may carry. */
export type CallOptions<Key extends RouteKey> = ParametersPart<Key> &
  BodyPart<Key> &
  QueryPart<Key> & { signal?: AbortSignal };
