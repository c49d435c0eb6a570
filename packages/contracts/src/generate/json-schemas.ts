import type { z } from 'zod';
import { AGENT_FRAMES, SERVER_FRAMES } from '../agent-protocol.js';
import { EVENTS, HINTS } from '../events.js';
import { REVIEWER_EVENTS, REVIEWER_REPLIES, REVIEWER_REQUESTS } from '../reviewer-stream.js';
import { JSON_VALUE, type JsonSchema, namedSchemas, schemaSet } from './schema-set.js';

/** A family of messages: which schemas, and whether a sender or a receiver reads them. */
export interface MessageFamily {
  file: string;
  title: string;
  io: 'input' | 'output';
  messages: Record<string, z.ZodType>;
}

export const MESSAGE_FAMILIES: readonly MessageFamily[] = [
  { file: 'agent-frames', title: 'What an agent sends', io: 'input', messages: AGENT_FRAMES },
  { file: 'server-frames', title: 'What the server sends to an agent', io: 'output', messages: SERVER_FRAMES },
  { file: 'reviewer-events', title: 'Reviewer stream', io: 'output', messages: REVIEWER_EVENTS },
  {
    file: 'reviewer-requests',
    title: 'What a client of the reviewer stream asks',
    io: 'input',
    messages: REVIEWER_REQUESTS,
  },
  { file: 'reviewer-replies', title: 'Answers on the reviewer stream', io: 'output', messages: REVIEWER_REPLIES },
  { file: 'events', title: 'Facts on the bus', io: 'output', messages: EVENTS },
  { file: 'hints', title: 'Hints on the bus', io: 'output', messages: HINTS },
];

/** Converts a family, with the named schemas that it reaches. */
export function familySchemas(
  family: MessageFamily,
  target: 'draft-7' | 'draft-2020-12',
  prefix: string,
): { messages: Map<string, JsonSchema>; shared: Map<string, JsonSchema> } {
  const named = namedSchemas();
  const all = new Map([...named, ...Object.entries(family.messages)]);
  const converted = schemaSet(all, { target, io: family.io, prefix });
  converted.set(JSON_VALUE, { description: 'Any JSON value' });
  const messages = new Map<string, JsonSchema>();
  for (const name of Object.keys(family.messages)) messages.set(name, converted.get(name) as JsonSchema);
  const shared = new Map<string, JsonSchema>();
  const waiting = [...messages.values()].flatMap((schema) => referencesBelow(schema, prefix));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (shared.has(name)) continue;
    const schema = converted.get(name) as JsonSchema;
    shared.set(name, schema);
    waiting.push(...referencesBelow(schema, prefix));
  }
  return { messages, shared: new Map([...shared].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function referencesBelow(value: unknown, prefix: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesBelow(item, prefix));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' ? [String(item).slice(prefix.length)] : referencesBelow(item, prefix),
  );
}

/** One JSON Schema document for a family; each message is a definition, and the whole is any of them. */
export function familyDocument(family: MessageFamily): JsonSchema {
  const { messages, shared } = familySchemas(family, 'draft-2020-12', '#/$defs/');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: family.title,
    anyOf: [...messages.keys()].map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.fromEntries([...messages, ...shared]),
  };
}
