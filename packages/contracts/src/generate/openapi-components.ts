import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Problem } from '../errors.js';
import { ROUTES, type Route } from '../routes.js';
import { JSON_VALUE, type JsonSchema, namedSchemas, nameOf, schemaSet } from './schema-set.js';

export const COMPONENT_PREFIX = '#/components/schemas/';

/** The schema objects of a document, and how a route's schemas refer to them. */
export interface Components {
  schemas: Record<string, JsonSchema>;
  /** A request body or query. */
  request(schema: z.ZodType): JsonSchema;
  /** What a response carries. */
  response(schema: z.ZodType): JsonSchema;
}

/**
 * Named schemas used by the routes become components, once; a schema that senders and receivers see differently (it has
 * defaults) becomes two, the receivers' one with `Output` behind its name.
 */
export function openApiComponents(): Components {
  const requests = new Naming('Request');
  const responses = new Naming('Response');
  responses.add(Problem);
  for (const route of Object.values<Route>(ROUTES)) {
    if (route.query) requests.add(route.query);
    if (route.body) requests.add(unwrapOptional(route.body));
    for (const schema of Object.values(route.responses)) if (!(schema instanceof z.ZodNull)) responses.add(schema);
  }
  const target = { target: 'openapi-3.0', prefix: COMPONENT_PREFIX } as const;
  const input = schemaSet(requests.all, { ...target, io: 'input' });
  const output = schemaSet(responses.all, { ...target, io: 'output' });
  const renamed = namesThatDiffer(input, output);
  const schemas = collect(requests, responses, input, output, renamed);
  return {
    schemas,
    request: (schema) => requests.refer(unwrapOptional(schema), input, new Set()),
    response: (schema) => responses.refer(schema, output, renamed),
  };
}

const unwrapOptional = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;

/** Names for what one side uses; schemas without a name of their own are numbered and written in place. */
class Naming {
  readonly all = namedSchemas();
  private readonly roots = new Map<z.ZodType, string>();
  private readonly label: string;

  constructor(label: string) {
    this.label = label;
  }

  add(schema: z.ZodType): void {
    if (this.roots.has(schema)) return;
    const name = nameOf(schema) ?? `${this.label}${this.roots.size}`;
    this.roots.set(schema, name);
    this.all.set(name, this.all.get(name) ?? schema);
  }

  rootNames(): string[] {
    return [...this.roots].filter(([schema]) => nameOf(schema) !== undefined).map(([, name]) => name);
  }

  inlineNames(): string[] {
    return [...this.roots].filter(([schema]) => nameOf(schema) === undefined).map(([, name]) => name);
  }

  refer(schema: z.ZodType, converted: Map<string, JsonSchema>, renamed: Set<string>): JsonSchema {
    const name = this.roots.get(schema);
    if (name === undefined) throw new Error('A route schema was not collected.');
    if (nameOf(schema) !== undefined) return { $ref: `${COMPONENT_PREFIX}${outputName(name, renamed)}` };
    return rename(converted.get(name), renamed) as JsonSchema;
  }
}

const outputName = (name: string, renamed: Set<string>): string => (renamed.has(name) ? `${name}Output` : name);

/** Referring to a schema that differs makes a schema differ too, hence the fixed point. */
function namesThatDiffer(input: Map<string, JsonSchema>, output: Map<string, JsonSchema>): Set<string> {
  const both = [...input.keys()].filter((name) => output.has(name));
  const differing = new Set(both.filter((name) => !isDeepStrictEqual(input.get(name), output.get(name))));
  for (let before = -1; before !== differing.size; ) {
    before = differing.size;
    for (const name of both) if (references(input.get(name)).some((other) => differing.has(other))) differing.add(name);
  }
  return differing;
}

function collect(
  requests: Naming,
  responses: Naming,
  input: Map<string, JsonSchema>,
  output: Map<string, JsonSchema>,
  renamed: Set<string>,
): Record<string, JsonSchema> {
  const sent = reachable(input, requests);
  const received = reachable(output, responses);
  // A name that only answers use needs no second form.
  for (const name of renamed) if (!(sent.has(name) && received.has(name))) renamed.delete(name);
  const found = new Map<string, JsonSchema>();
  for (const name of sent) found.set(name, input.get(name) as JsonSchema);
  for (const name of received) found.set(outputName(name, renamed), rename(output.get(name), renamed) as JsonSchema);
  if ([...found.values()].some((schema) => references(schema).includes(JSON_VALUE)))
    found.set(JSON_VALUE, { description: 'Any JSON value', nullable: true });
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function reachable(schemas: Map<string, JsonSchema>, naming: Naming): Set<string> {
  const seen = new Set<string>();
  const waiting = [...naming.rootNames(), ...naming.inlineNames().flatMap((name) => references(schemas.get(name)))];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name) || name === JSON_VALUE) continue;
    seen.add(name);
    waiting.push(...references(schemas.get(name)));
  }
  return seen;
}

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' ? [String(item).slice(COMPONENT_PREFIX.length)] : references(item),
  );
}

function rename(value: unknown, renamed: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key === '$ref'
        ? [key, `${COMPONENT_PREFIX}${outputName(String(item).slice(COMPONENT_PREFIX.length), renamed)}`]
        : [key, rename(item, renamed)],
    ),
  );
}
