import type { Shell } from '@expacti/shell';
import type { TransferDirection } from './rule.js';

interface RequestCommon {
  agent_id: string;
  /** The person whom the agent belongs to: allow rules of theirs do not count for it, unless the org's settings say so. */
  agent_owner_id?: string | null;
  session_id?: string | null;
  /** Id of the target, as in rule scopes. */
  target?: string | null;
}

/** A command line. `encrypted` replaces the text where the server must not see it: only exact rules on the fingerprint apply. */
export interface CommandRequest extends RequestCommon {
  kind: 'command';
  command: string;
  shell: Shell;
  cwd?: string | null;
  encrypted?: { fingerprint?: string | null } | null;
}

export interface ToolCallRequest extends RequestCommon {
  kind: 'tool_call';
  tool: string;
  arguments: Readonly<Record<string, unknown>>;
}

export interface FileTransferRequest extends RequestCommon {
  kind: 'file_transfer';
  direction: TransferDirection;
  paths: readonly string[];
}

/** What an agent asks for. */
export type DecisionRequest = CommandRequest | ToolCallRequest | FileTransferRequest;
