import { z } from 'zod';
import * as contracts from '../index.js';

/** A JSON Schema (or OpenAPI schema object): plain data. */
export type JsonSchema = { [key: string]: unknown };

/** The component that stands for "any JSON value"; the wire has it wherever a schema says `z.json()`. */
export const JSON_VALUE = 'JsonValue';

const idOfSchema = (schema: z.ZodType): string | undefined => schema.meta()?.id;

/** Every exported schema that has a name of its own, by that name. */
export function namedSchemas(): Map<string, z.ZodType> {
  const found = new Map<string, z.ZodType>();
  for (const value of Object.values(contracts)) {
    if (value instanceof z.ZodType && idOfSchema(value) !== undefined) found.set(idOfSchema(value) as string, value);
  }
  return found;
}

/** The name of a schema: its own, or `XPage` for a page of `X`. */
export function nameOf(schema: z.ZodType): string | undefined {
  const own = idOfSchema(schema);
  if (own !== undefined) return own;
  if (!(schema instanceof z.ZodObject)) return undefined;
  const { data, next_cursor } = schema.shape as Record<string, z.ZodType | undefined>;
  const item = next_cursor !== undefined && data instanceof z.ZodArray ? (data.element as z.ZodType) : undefined;
  const itemName = item && nameOf(item);
  return itemName && `${itemName}Page`;
}

export interface SchemaSetOptions {
  target: 'openapi-3.0' | 'draft-7' | 'draft-2020-12';
  /** `input`: what a sender may write (defaults may be left out). `output`: what a receiver can rely on. */
  io: 'input' | 'output';
  /** Where named schemas live in the document, with a slash at the end. */
  prefix: string;
}

/**
 * Converts named schemas so that they refer to one another by name below `prefix`.
 * @throws Error when a schema refers to one that is not in the set: it would be copied, and the copies would drift.
 */
export function schemaSet(schemas: ReadonlyMap<string, z.ZodType>, options: SchemaSetOptions): Map<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of schemas) registry.add(schema, { id });
  const { schemas: converted } = z.toJSONSchema(registry, {
    target: options.target,
    io: options.io,
    uri: (id) => `${options.prefix}${id}`,
    unrepresentable: 'throw',
    override: ({ zodSchema, jsonSchema }) => describe(zodSchema, jsonSchema as JsonSchema, options.io),
  });
  const result = new Map<string, JsonSchema>();
  for (const id of schemas.keys()) {
    const { $id, $schema, ...body } = converted[id] as JsonSchema;
    result.set(id, withJsonValue(body, converted.__shared as JsonSchema | undefined, options.prefix) as JsonSchema);
  }
  return result;
}

function describe(zodSchema: z.core.$ZodType, schema: JsonSchema, io: SchemaSetOptions['io']): void {
  // The format says it; zod's regular expressions for dates and addresses fill a screen each.
  if (schema.format !== undefined) delete schema.pattern;
  delete schema.id;
  if (zodSchema instanceof z.ZodObject) describeObject(zodSchema, schema, io);
}

function describeObject(zodSchema: z.ZodObject, schema: JsonSchema, io: SchemaSetOptions['io']): void {
  // Clients ignore unknown fields in an answer, so only strict objects may forbid them.
  if (!(zodSchema.def.catchall instanceof z.ZodNever)) delete schema.additionalProperties;
  const kind = (zodSchema.shape as Record<string, z.ZodType>).kind;
  // `kind` may be left out of a submission: `withDefaultKind` fills it in before the schema is applied.
  if (io === 'input' && kind instanceof z.ZodLiteral && kind.value === 'command') {
    schema.required = (schema.required as string[]).filter((name) => name !== 'kind');
  }
}

const SHARED_DEFINITION = /__shared#\/(?:definitions|\$defs)\/(.+)$/;

function withJsonValue(value: unknown, shared: JsonSchema | undefined, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withJsonValue(item, shared, prefix));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const name = key === '$ref' ? SHARED_DEFINITION.exec(String(item))?.[1] : undefined;
    if (name === undefined) return [key, withJsonValue(item, shared, prefix)];
    if (!isJsonValue(name, shared)) throw new Error(`The schema ${name} is used but not exported from contracts.`);
    return [key, `${prefix}${JSON_VALUE}`];
  });
  return Object.fromEntries(entries);
}

function isJsonValue(name: string, shared: JsonSchema | undefined): boolean {
  const definitions = (shared?.definitions ?? shared?.$defs) as Record<string, JsonSchema> | undefined;
  const alternatives = definitions?.[name]?.anyOf;
  return /^schema\d+$/.test(name) && Array.isArray(alternatives) && alternatives.length === 6;
}
