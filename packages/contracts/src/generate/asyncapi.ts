import { AGENT_FRAMES, CLOSE_CODES, MAX_FRAME_BYTES, SERVER_FRAMES } from '../agent-protocol.js';
import { REVIEWER_EVENTS, REVIEWER_REPLIES, REVIEWER_REQUESTS } from '../reviewer-stream.js';
import { familySchemas, MESSAGE_FAMILIES } from './json-schemas.js';
import type { JsonSchema } from './schema-set.js';

const SCHEMAS = '#/components/schemas/';
type Side = 'agent' | 'server' | 'reviewer' | 'reviewer_request' | 'reviewer_reply';

/** The AsyncAPI 3.0 document of the agent WebSocket and the reviewer stream, as plain data. */
export function asyncApiDocument(version: string): JsonSchema {
  const components = socketComponents();
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'expacti sockets',
      version,
      description: 'The agent WebSocket and the reviewer stream. REST is in openapi.yml.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      standalone: {
        host: '127.0.0.1:3001',
        protocol: 'ws',
        description: 'The default address; use wss through a TLS proxy',
        security: [{ $ref: '#/components/securitySchemes/bearer' }],
      },
    },
    channels: { agent: agentChannel(), reviewer: reviewerChannel() },
    operations: {
      fromAgent: operation('receive', 'agent', 'What an agent sends', 'agent', Object.keys(AGENT_FRAMES)),
      toAgent: operation('send', 'agent', 'What the server answers', 'server', Object.keys(SERVER_FRAMES)),
      toReviewer: operation('send', 'reviewer', 'What changed', 'reviewer', Object.keys(REVIEWER_EVENTS)),
      fromReviewer: {
        ...operation(
          'receive',
          'reviewer',
          'What a client asks; the answer is the acknowledgement of the event',
          'reviewer_request',
          Object.keys(REVIEWER_REQUESTS),
        ),
        reply: {
          channel: { $ref: '#/channels/reviewer' },
          messages: operationMessages('reviewer', 'reviewer_reply', Object.keys(REVIEWER_REPLIES)),
        },
      },
    },
    components,
  };
}

/** AsyncAPI keys allow no dot: `command.submit` of the agent becomes `agent_command_submit`. */
const key = (side: Side, name: string): string => `${side}_${name.replaceAll('.', '_')}`;

function agentChannel(): JsonSchema {
  return {
    address: '/ws/agent',
    title: 'Agent WebSocket',
    description:
      `Raw WebSocket, one JSON object a text frame, at most ${MAX_FRAME_BYTES} bytes. The token travels in the ` +
      `Authorization header or in hello, which comes first. Close codes: ${Object.entries(CLOSE_CODES)
        .map(([name, code]) => `${code} ${name}`)
        .join(', ')}.`,
    messages: {
      ...messageReferences('agent', Object.keys(AGENT_FRAMES)),
      ...messageReferences('server', Object.keys(SERVER_FRAMES)),
    },
    bindings: { ws: { method: 'GET' } },
  };
}

function reviewerChannel(): JsonSchema {
  return {
    address: '/reviewer',
    title: 'Reviewer stream',
    description:
      'A socket.io namespace (not a raw WebSocket); the access token travels in `auth.token`. It says what changed; ' +
      'REST holds the state. After a reconnect, changes_since with the last cursor that was seen tells what was missed.',
    messages: {
      ...messageReferences('reviewer', Object.keys(REVIEWER_EVENTS)),
      ...messageReferences('reviewer_request', Object.keys(REVIEWER_REQUESTS)),
      ...messageReferences('reviewer_reply', Object.keys(REVIEWER_REPLIES)),
    },
  };
}

const messageReferences = (side: Side, names: string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [key(side, name), { $ref: `#/components/messages/${key(side, name)}` }]));

function operation(
  action: 'send' | 'receive',
  channel: string,
  summary: string,
  side: Side,
  names: string[],
): JsonSchema {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: operationMessages(channel, side, names),
  };
}

const operationMessages = (channel: string, side: Side, names: string[]): JsonSchema[] =>
  names.map((name) => ({ $ref: `#/channels/${channel}/messages/${key(side, name)}` }));

function socketComponents(): JsonSchema {
  const sides: Record<string, Side> = {
    'agent-frames': 'agent',
    'server-frames': 'server',
    'reviewer-events': 'reviewer',
    'reviewer-requests': 'reviewer_request',
    'reviewer-replies': 'reviewer_reply',
  };
  const messages: Record<string, JsonSchema> = {};
  const schemas: Record<string, JsonSchema> = {};
  for (const family of MESSAGE_FAMILIES) {
    const side = sides[family.file];
    if (side === undefined) continue;
    const converted = familySchemas(family, 'draft-7', SCHEMAS);
    for (const [name, payload] of converted.messages) messages[key(side, name)] = { name, title: name, payload };
    for (const [name, schema] of converted.shared) schemas[name] = schema;
  }
  return {
    messages,
    schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A shell token or an access token' } },
  };
}
