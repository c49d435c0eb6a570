import type { Approval } from '@expacti/contracts';
import type { DecisionRequest } from '@expacti/policy-engine';
import type { Shell } from '@expacti/shell';

/** What an approval was about, as far as a rule made from it is concerned. */
export interface HeldRequest {
  kind: Approval['kind'];
  /** The text judged: the command, or the canonical JSON of another kind. */
  text: string;
  shell: Shell;
  cwd: string | null;
  /** Id of the target; null when the request named none. */
  targetId: string | null;
  targetGroupIds: readonly string[];
  agentId: string;
  sessionId: string | null;
  encrypted: boolean;
}

/** The request in the engine's words; null when its text is not what its kind says. */
export function engineRequest(held: HeldRequest): DecisionRequest | null {
  const common = { agent_id: held.agentId, session_id: held.sessionId, target: held.targetId };
  switch (held.kind) {
    case 'command':
      return { ...common, kind: 'command', command: held.text, shell: held.shell, cwd: held.cwd };
    case 'tool_call': {
      const call = toolCallOf(held.text);
      return call && { ...common, kind: 'tool_call', ...call };
    }
    case 'file_transfer': {
      const transfer = fileTransferOf(held.text);
      return transfer && { ...common, kind: 'file_transfer', ...transfer };
    }
  }
}

export function toolCallOf(text: string): { tool: string; arguments: Record<string, unknown> } | null {
  const value = jsonObject(text);
  const { tool, arguments: given } = value ?? {};
  if (typeof tool !== 'string' || typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  return { tool, arguments: given as Record<string, unknown> };
}

export function fileTransferOf(text: string): { direction: 'upload' | 'download'; paths: string[] } | null {
  const { direction, paths } = jsonObject(text) ?? {};
  if (direction !== 'upload' && direction !== 'download') return null;
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string')) return null;
  return { direction, paths };
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
