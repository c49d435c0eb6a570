import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { ERROR_CATALOGUE, type ErrorCode } from '../errors.js';
import { ROUTES, type Route } from '../routes.js';
import { type Components, openApiComponents } from './openapi-components.js';
import type { JsonSchema } from './schema-set.js';

/** The OpenAPI 3.0 document of the whole REST surface, as plain data. */
export function openApiDocument(version: string): JsonSchema {
  const components = openApiComponents();
  return {
    openapi: '3.0.3',
    info: {
      title: 'expacti',
      version,
      description:
        'Holds every shell command of an automated agent until a person, or a rule that a person made, allows it. ' +
        'Errors are `application/problem+json` with a stable `code` (see errors.md).',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/', description: 'The server that this document came from' }],
    tags: [...new Set(Object.values<Route>(ROUTES).map((route) => route.tag)), 'operations'].map((name) => ({ name })),
    paths: { ...routePaths(components), ...operationPaths() },
    components: { schemas: components.schemas, securitySchemes: SECURITY_SCHEMES, responses: problemResponses() },
  };
}

const SECURITY_SCHEMES = {
  shellToken: { type: 'http', scheme: 'bearer', description: "An agent's token, `shell_…`: submits, never reviews" },
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A signed-in person's access token",
  },
};

function routePaths(components: Components): Record<string, Record<string, JsonSchema>> {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const path = `/api/v1${route.path}`;
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operation(name, route, components);
  }
  return paths;
}

function operation(name: string, route: Route, components: Components): JsonSchema {
  const parameters = [...pathParameters(route), ...queryParameters(route, components), ...headerParameters(route)];
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    ...(typeof route.access === 'string' ? {} : { 'x-permissions': route.access }),
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body && { requestBody: requestBody(route.body, components) }),
    responses: { ...successes(name, route, components), ...problems(route) },
  };
}

function securityOf(route: Route): JsonSchema[] {
  if (route.access === 'public') return [];
  if (route.access === 'signed-in') return [{ accessToken: [] }];
  const agents = route.access.includes('commands:submit');
  const people = route.access.some((permission) => permission !== 'commands:submit');
  return [...(agents ? [{ shellToken: [] }] : []), ...(people ? [{ accessToken: [] }] : [])];
}

function pathParameters(route: Route): JsonSchema[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: Route, components: Components): JsonSchema[] {
  if (!route.query) return [];
  const { properties, required } = components.request(route.query) as {
    properties: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required?.includes(name) ?? false,
    schema,
  }));
}

function headerParameters(route: Route): JsonSchema[] {
  if (route.method === 'GET') return [];
  const schema = { type: 'string', minLength: 1, maxLength: 200 };
  const description = 'Makes a repeated request the same request';
  return [{ name: 'Idempotency-Key', in: 'header', required: false, description, schema }];
}

function requestBody(body: z.ZodType, components: Components): JsonSchema {
  return {
    required: !(body instanceof z.ZodOptional),
    content: { 'application/json': { schema: components.request(body) } },
  };
}

function successes(name: string, route: Route, components: Components): Record<string, JsonSchema> {
  const media = name === 'exportAudit' ? 'application/x-ndjson' : 'application/json';
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => {
      const description = STATUS_CODES[status] ?? status;
      if (schema instanceof z.ZodNull) return [status, { description }];
      return [status, { description, content: { [media]: { schema: components.response(schema) } } }];
    }),
  );
}

/** The errors of a route by status: its own, and those that any such route can give. */
function problems(route: Route): Record<string, JsonSchema> {
  const codes = new Set<ErrorCode>(['RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE', ...(route.errors ?? [])]);
  if (route.access !== 'public') codes.add('UNAUTHENTICATED');
  if (typeof route.access !== 'string') codes.add('FORBIDDEN');
  if (route.path.includes('{')) codes.add('NOT_FOUND');
  if (route.query || route.body) codes.add('INVALID');
  if (route.body)
    for (const code of ['MALFORMED_JSON', 'TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) codes.add(code);
  const statuses = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_CATALOGUE[code];
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...statuses].map(([status, listed]) => [status, problemOrReference(status, [...listed].sort())]),
  );
}

/** A status with its one usual code refers to the shared response; others list their codes. */
function problemOrReference(status: number, codes: ErrorCode[]): JsonSchema {
  const [code, ...more] = codes;
  if (more.length === 0 && code !== undefined) return { $ref: `#/components/responses/${code}` };
  return problemResponse(status, codes);
}

function problemResponse(status: number, codes: ErrorCode[]): JsonSchema {
  const waits = status === 429 || status === 503;
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title}`).join(' '),
    ...(waits && {
      headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } } },
    }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

const problemResponses = (): Record<string, JsonSchema> =>
  Object.fromEntries(
    (Object.keys(ERROR_CATALOGUE) as ErrorCode[])
      .sort()
      .map((code) => [code, problemResponse(ERROR_CATALOGUE[code].status, [code])]),
  );

/** What load balancers and Prometheus read, outside `/api/v1`. */
function operationPaths(): Record<string, JsonSchema> {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const object = (properties: Record<string, JsonSchema>) => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
  });
  const json = (schema: JsonSchema) => ({ 'application/json': { schema } });
  const health = json(object({ status: text, version: text }));
  const readiness = json(object({ ready: flag, checks: { type: 'array', items: object({ name: text, ok: flag }) } }));
  const get = (operationId: string, summary: string, responses: JsonSchema) => ({
    get: { operationId, tags: ['operations'], summary, security: [], responses },
  });
  return {
    '/healthz': get('healthz', 'The process is alive', { 200: { description: 'OK', content: health } }),
    '/readyz': get('readyz', 'It can serve: database and bus answer', {
      200: { description: 'OK', content: readiness },
      503: { description: 'Not ready', content: readiness },
    }),
    '/metrics': get('metrics', 'Prometheus metrics', {
      200: { description: 'OK', content: { 'text/plain': { schema: text } } },
      403: { $ref: '#/components/responses/FORBIDDEN' },
    }),
  };
}
