import { createHash } from 'node:crypto';
import type { AgentSocket } from './agent-socket.js';
import type { Rest } from './rest.js';

export interface Held {
  commandId: string;
  approvalId: string;
  command: string;
}

/** Submits a command that no rule knows. */
export async function heldBy(agent: AgentSocket, command: string): Promise<Held> {
  const { type, command_id: commandId, approval_id: approvalId, message } = await agent.submit(command);
  if (type !== 'command.pending' || commandId === undefined || approvalId === undefined)
    throw new Error(`${command} was not held: ${type} ${message ?? ''}`);
  return { commandId, approvalId, command };
}

/** Approves as the dashboard does; how many milliseconds until the agent has the decision. */
export async function approve(review: Rest, agent: AgentSocket, held: Held): Promise<number> {
  const command_sha256 = createHash('sha256').update(held.command).digest('hex');
  const decided = agent.watch(held.commandId, ({ type }) => type === 'command.decided');
  const began = performance.now();
  const posted = review('POST', `/approvals/${held.approvalId}/approve`, { version: 1, command_sha256 });
  const { outcome } = await Promise.race([decided, posted.then(() => decided)]);
  const time = performance.now() - began;
  await posted;
  if (outcome !== 'allowed') throw new Error(`${held.command} was approved, and is ${outcome}`);
  return time;
}
