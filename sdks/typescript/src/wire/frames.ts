import type { Decision, Jwks, Requirement, Risk } from './types.js';

/** The agent WebSocket's frames that this SDK sends and reads; docs/asyncapi.yml describes them all. */
export const PROTOCOL_VERSION = 1;

export interface HelloFrame {
  type: 'hello';
  protocol: typeof PROTOCOL_VERSION;
  token: string;
  client: { name: string; version: string };
  session?: { name?: string; target?: string; labels?: Record<string, string> };
  session_id?: string;
}

export type ClientFrame =
  | HelloFrame
  | ({ type: 'command.submit'; ref: string; idempotency_key: string } & Record<string, unknown>)
  | { type: 'command.status' | 'command.start' | 'command.cancel'; command_id: string }
  | { type: 'session.end'; session_id: string }
  | { type: 'ping' };

export interface WelcomeFrame {
  type: 'welcome';
  protocol: number;
  server_version: string;
  session_id: string;
  org: string;
  agent: string;
  receipt_keys: Jwks;
}
export interface PendingFrame {
  type: 'command.pending';
  ref: string;
  command_id: string;
  approval_id: string;
  deadline_at: string;
  review_url: string;
  requirement: Requirement;
  risk: Risk;
}
export interface UpdatedFrame {
  type: 'command.updated';
  command_id: string;
  deadline_at: string;
  requirement: Requirement;
}
export interface DecidedFrame extends Decision {
  type: 'command.decided';
  ref: string | null;
  command_id: string;
}
export interface StartedFrame {
  type: 'command.started';
  command_id: string;
  receipt: string;
}
export interface ErrorFrame {
  type: 'error';
  ref?: string;
  command_id?: string;
  code: string;
  message: string;
  retryable: boolean;
}
export interface PongFrame {
  type: 'pong';
}

export type ServerFrame =
  | WelcomeFrame
  | PendingFrame
  | UpdatedFrame
  | DecidedFrame
  | StartedFrame
  | ErrorFrame
  | PongFrame;

const READ_TYPES = new Set<string>([
  'welcome',
  'command.pending',
  'command.updated',
  'command.decided',
  'command.started',
  'error',
  'pong',
]);

/**
 * Reads one text frame. Frames of types that this version does not know are null: clients ignore what they do not
 * understand.
 * @throws SyntaxError when the text is not a JSON object with a type.
 */
export function readServerFrame(text: string): ServerFrame | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('type' in value)) throw new SyntaxError('A frame needs a type.');
  return READ_TYPES.has(String(value.type)) ? (value as ServerFrame) : null;
}
