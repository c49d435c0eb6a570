import {
  AGENT_FRAMES,
  type AgentFrameType,
  ExpactiError,
  parseOrRefuse,
  withDefaultKind,
  withoutNul,
} from '@expacti/contracts';
import type { z } from 'zod';

export type AgentFrame = { [T in AgentFrameType]: z.infer<(typeof AGENT_FRAMES)[T]> }[AgentFrameType];

/** What can be said of a frame that cannot be used, for the error that answers it. */
export class UnusableFrame extends Error {
  constructor(
    readonly error: ExpactiError,
    readonly ref: string | undefined,
    readonly commandId: string | undefined,
  ) {
    super(error.message);
  }
}

/** Reads one text frame. Throws UnusableFrame naming what is wrong and, where it can be told, which request it was. */
export function parseFrame(text: string): AgentFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnusableFrame(new ExpactiError('MALFORMED_JSON', 'A frame is one JSON object.'), undefined, undefined);
  }
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const ref = typeof fields.ref === 'string' ? fields.ref.slice(0, 200) : undefined;
  const commandId = typeof fields.command_id === 'string' ? fields.command_id.slice(0, 100) : undefined;
  const type = fields.type;
  if (typeof type !== 'string' || !Object.hasOwn(AGENT_FRAMES, type)) {
    const known = Object.keys(AGENT_FRAMES).join(', ');
    throw new UnusableFrame(new ExpactiError('INVALID', `type: must be one of ${known}`), ref, commandId);
  }
  const candidate = type === 'command.submit' ? withDefaultKind(value) : value;
  try {
    // In JSON the character can only be spelled so; most frames are through with one quick look.
    if (text.includes('\\u0000')) withoutNul(value);
    return parseOrRefuse(AGENT_FRAMES[type as AgentFrameType], candidate) as AgentFrame;
  } catch (error) {
    throw error instanceof ExpactiError ? new UnusableFrame(error, ref, commandId) : error;
  }
}
