import { z } from 'zod';
import { Vote } from './approval.js';
import { CommandSubmission, Decision, FileTransferSubmission, resultFields, ToolCallSubmission } from './command.js';
import { ErrorCodeSchema } from './errors.js';
import { Requirement, Risk } from './judgement.js';
import { idOf, Name, Timestamp } from './primitives.js';
import { SessionLabels } from './session.js';

export const AGENT_PROTOCOL_VERSION = 1;
/** Largest text frame accepted, in bytes. */
export const MAX_FRAME_BYTES = 1_048_576;

const commandId = { command_id: idOf('command') };

export const HelloFrame = z.strictObject({
  type: z.literal('hello'),
  protocol: z.literal(AGENT_PROTOCOL_VERSION),
  token: z.string().max(8_192).optional(),
  client: z.strictObject({ name: z.string().max(100), version: z.string().max(50) }),
  session: z
    .strictObject({ name: Name.optional(), target: z.string().max(200).optional(), labels: SessionLabels.optional() })
    .optional(),
  session_id: idOf('session').optional(),
});
export type HelloFrame = z.infer<typeof HelloFrame>;

const asFrame = { type: z.literal('command.submit'), ref: z.string().min(1).max(200) };
export const SubmitFrame = z.discriminatedUnion('kind', [
  CommandSubmission.extend(asFrame),
  ToolCallSubmission.extend(asFrame),
  FileTransferSubmission.extend(asFrame),
]);
export type SubmitFrame = z.infer<typeof SubmitFrame>;

export const StatusFrame = z.strictObject({ type: z.literal('command.status'), ...commandId });
export const StartFrame = z.strictObject({ type: z.literal('command.start'), ...commandId });
export const CancelFrame = z.strictObject({ type: z.literal('command.cancel'), ...commandId });
export const ResultFrame = z.strictObject({ type: z.literal('command.result'), ...commandId, ...resultFields });
export const OutputFrame = z.strictObject({
  type: z.literal('session.output'),
  session_id: idOf('session'),
  sequence: z.number().int().min(1),
  time: z.number().min(0).meta({ description: 'Seconds since the session started' }),
  stream: z.enum(['o', 'i', 'r', 'm']),
  data: z.string(),
});
export const EndFrame = z.strictObject({ type: z.literal('session.end'), session_id: idOf('session') });
export const PingFrame = z.strictObject({ type: z.literal('ping'), at: z.unknown().optional() });

/** By type, so that the socket validates one shape and names the failing field. */
export const AGENT_FRAMES = {
  hello: HelloFrame,
  'command.submit': SubmitFrame,
  'command.status': StatusFrame,
  'command.start': StartFrame,
  'command.cancel': CancelFrame,
  'command.result': ResultFrame,
  'session.output': OutputFrame,
  'session.end': EndFrame,
  ping: PingFrame,
} as const;
export type AgentFrameType = keyof typeof AGENT_FRAMES;

export const Jwks = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        use: z.literal('sig'),
        alg: z.literal('EdDSA'),
      }),
    ),
  })
  .meta({ id: 'Jwks' });
export type Jwks = z.infer<typeof Jwks>;

export const Limits = z.object({
  max_frame_bytes: z.number().int(),
  max_command_length: z.number().int(),
  submissions_per_second: z.number().int(),
  submission_burst: z.number().int(),
  pending: z.number().int(),
});

export const WelcomeFrame = z.object({
  type: z.literal('welcome'),
  protocol: z.literal(AGENT_PROTOCOL_VERSION),
  server_version: z.string(),
  session_id: z.string(),
  org: z.string(),
  agent: z.string(),
  limits: Limits,
  receipt_keys: Jwks,
});
export const PendingFrame = z.object({
  type: z.literal('command.pending'),
  ref: z.string(),
  ...commandId,
  approval_id: idOf('approval'),
  deadline_at: Timestamp,
  review_url: z.string(),
  requirement: Requirement,
  risk: Risk,
});
export const UpdatedFrame = z.object({
  type: z.literal('command.updated'),
  ...commandId,
  deadline_at: Timestamp,
  votes: z.array(Vote.pick({ verb: true, at: true, void: true })),
  requirement: Requirement,
});
export const DecidedFrame = Decision.extend({
  type: z.literal('command.decided'),
  ref: z.string().nullable(),
  ...commandId,
});
export const StartedFrame = z.object({ type: z.literal('command.started'), ...commandId, receipt: z.string() });
export const AckFrame = z.object({
  type: z.literal('session.ack'),
  session_id: z.string(),
  sequence: z.number().int(),
});
export const ErrorFrame = z.object({
  type: z.literal('error'),
  ref: z.string().optional(),
  command_id: z.string().optional(),
  code: ErrorCodeSchema,
  message: z.string(),
  retryable: z.boolean(),
  result: z.unknown().optional(),
});
export const PongFrame = z.object({ type: z.literal('pong'), at: z.unknown().optional() });

export const SERVER_FRAMES = {
  welcome: WelcomeFrame,
  'command.pending': PendingFrame,
  'command.updated': UpdatedFrame,
  'command.decided': DecidedFrame,
  'command.started': StartedFrame,
  'session.ack': AckFrame,
  error: ErrorFrame,
  pong: PongFrame,
} as const;
export type ServerFrame = z.infer<(typeof SERVER_FRAMES)[keyof typeof SERVER_FRAMES]>;

/** WebSocket close codes of our own (RFC 6455 §7.4.2 leaves 4000–4999 to applications). */
export const CLOSE_CODES = {
  unauthenticated: 4401,
  forbidden: 4403,
  hello_timeout: 4408,
  too_large: 1009,
  going_away: 1001,
} as const;
