import type { CommandKind } from '../api/types.js';

/** A tool call as the judged text spells it (canonical JSON). */
export interface ToolCall {
  tool: string;
  arguments: Record<string, unknown>;
}

export interface FileTransfer {
  direction: string;
  paths: string[];
  bytes: number | null;
}

/** Reads the judged text of a tool call; null when it has another shape, and the text itself is shown. */
export function readToolCall(text: string): ToolCall | null {
  const value = readObject(text);
  if (!value || typeof value.tool !== 'string') return null;
  return isObject(value.arguments) ? { tool: value.tool, arguments: value.arguments } : null;
}

export function readTransfer(text: string): FileTransfer | null {
  const value = readObject(text);
  if (!value || typeof value.direction !== 'string' || !Array.isArray(value.paths)) return null;
  const paths = value.paths.filter((path) => typeof path === 'string');
  if (paths.length !== value.paths.length) return null;
  return { direction: value.direction, paths, bytes: typeof value.bytes === 'number' ? value.bytes : null };
}

/** What a tool call or a file transfer asks for, in one line; the judged text where its shape is unknown. */
export function submissionLine(kind: CommandKind, text: string): string {
  if (kind === 'tool_call') {
    const call = readToolCall(text);
    return call ? `${call.tool} ${JSON.stringify(call.arguments)}` : text;
  }
  if (kind === 'file_transfer') {
    const transfer = readTransfer(text);
    return transfer ? `${transfer.direction} ${transfer.paths.join(' ')}` : text;
  }
  return text;
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
