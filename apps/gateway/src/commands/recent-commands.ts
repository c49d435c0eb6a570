import { isDeepStrictEqual } from 'node:util';
import { type AgentPrincipal, type Command, ExpactiError } from '@expacti/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

type Result = NonNullable<Command['result']>;

const KEPT_MS = 10 * 60_000;

/**
 * Commands that rules decided on this process a short while ago. History learns of them over the bus, a moment later;
 * until then this is where their agent finds them.
 */
@Injectable()
export class RecentCommands {
  readonly #commands = new LRUCache<string, { org: string; command: Command }>({ max: 10_000, ttl: KEPT_MS });

  add(agent: AgentPrincipal, command: Command): void {
    this.#commands.set(command.id, { org: agent.org, command });
  }

  find(agent: AgentPrincipal, id: string): Command | undefined {
    const kept = this.#commands.get(id);
    return kept && kept.org === agent.org && kept.command.agent.id === agent.id ? kept.command : undefined;
  }

  /** Notes the result; the first one stands, and saying the same again is no mistake. */
  finish(agent: AgentPrincipal, id: string, result: Result): { command: Command; isNew: boolean } {
    const command = this.find(agent, id);
    if (!command) throw new ExpactiError('NOT_FOUND');
    if (command.result) {
      if (isDeepStrictEqual(command.result, result)) return { command, isNew: false };
      throw new ExpactiError('ALREADY_CLOSED', 'Another result of this command was reported before.');
    }
    const finished = { ...command, result };
    this.add(agent, finished);
    return { command: finished, isNew: true };
  }
}
