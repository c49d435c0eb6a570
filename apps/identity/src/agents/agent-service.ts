import {
  type Agent,
  type AgentChange,
  actorOf,
  ExpactiError,
  type NewAgent,
  type UserPrincipal,
} from '@expacti/contracts';
import { type Database, newId } from '@expacti/persistence';
import { DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { fieldChanges, goneFields, newFields } from '../domain/field-changes.js';
import { liveActor } from '../people/live-actor.js';
import { AgentRow } from '../storage/agent-row.js';
import { AgentTokenRow } from '../storage/agent-token-row.js';
import { IdentityWriter } from '../storage/identity-writer.js';
import { type ListRequest, listPage } from '../storage/list-page.js';
import { refuseTaken } from '../storage/unique-name.js';
import { UserRow } from '../storage/user-row.js';
import { presentAgent } from './agent-presentation.js';

const subjectOf = (agent: AgentRow) => ({ type: 'agent', id: agent.id });
const describe = (agent: AgentRow) => ({
  name: agent.name,
  description: agent.description,
  owner_id: agent.ownerId,
  suspended: agent.suspended,
});

/** Who may ask to run commands. Stopping one is answered when it is stopped everywhere. */
@Injectable()
export class AgentService {
  readonly #database: Database;
  readonly #writer: IdentityWriter;

  constructor(@Inject(DATABASE) database: Database, @Inject(IdentityWriter) writer: IdentityWriter) {
    this.#database = database;
    this.#writer = writer;
  }

  list(principal: UserPrincipal, request: ListRequest): Promise<{ data: Agent[]; next_cursor: string | null }> {
    return this.#database.read(async (manager) => {
      await liveActor(manager, principal, 'agents:read');
      const page = await listPage(manager, AgentRow, principal.org, request, ['name', 'description']);
      return { data: await present(manager, principal.org, page.rows), next_cursor: page.nextCursor };
    });
  }

  get(principal: UserPrincipal, id: string): Promise<Agent> {
    return this.#database.read(async (manager) => {
      await liveActor(manager, principal, 'agents:read');
      return presentOne(manager, await findAgent(manager, principal.org, id));
    });
  }

  /** The caller becomes its owner, who by default does not approve what it asks for. */
  create(principal: UserPrincipal, request: NewAgent): Promise<Agent> {
    return this.#writer.change(principal.org, async (unit) => {
      const actor = await liveActor(unit.manager, principal, 'agents:write');
      const agent: AgentRow = {
        id: newId('agt'),
        org: principal.org,
        name: request.name,
        description: request.description ?? null,
        ownerId: actor.id,
        suspended: false,
        createdAt: unit.now,
        lastSeenAt: null,
      };
      await refuseTaken(`There is an agent '${agent.name}' already.`, unit.manager.insert(AgentRow, agent));
      unit.record('agent.created', actorOf(principal), subjectOf(agent), newFields(describe(agent)));
      return presentAgent(agent, [], { id: actor.id, name: actor.name });
    });
  }

  update(principal: UserPrincipal, id: string, change: AgentChange): Promise<Agent> {
    return this.#changeAgent(principal, id, 'agent.updated', {
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.description === undefined ? {} : { description: change.description }),
    });
  }

  suspend(principal: UserPrincipal, id: string): Promise<Agent> {
    return this.#changeAgent(principal, id, 'agent.suspended', { suspended: true });
  }

  resume(principal: UserPrincipal, id: string): Promise<Agent> {
    return this.#changeAgent(principal, id, 'agent.resumed', { suspended: false });
  }

  /** Its tokens go with it. What it did stays in the history. */
  delete(principal: UserPrincipal, id: string): Promise<void> {
    return this.#writer.change(principal.org, async (unit) => {
      await liveActor(unit.manager, principal, 'agents:write');
      const agent = await findAgent(unit.manager, principal.org, id);
      const tokens = await unit.manager.findBy(AgentTokenRow, { org: principal.org, agentId: id });
      await unit.manager.delete(AgentTokenRow, { org: principal.org, agentId: id });
      await unit.manager.delete(AgentRow, { org: principal.org, id });
      unit.record('agent.deleted', actorOf(principal), subjectOf(agent), goneFields(describe(agent)));
      unit.forget({ agent_ids: [id], token_ids: tokens.map((token) => token.id) });
    });
  }

  #changeAgent(
    principal: UserPrincipal,
    id: string,
    type: 'agent.updated' | 'agent.suspended' | 'agent.resumed',
    change: Partial<Pick<AgentRow, 'name' | 'description' | 'suspended'>>,
  ): Promise<Agent> {
    return this.#writer.change(principal.org, async (unit) => {
      await liveActor(unit.manager, principal, 'agents:write');
      const before = await findAgent(unit.manager, principal.org, id);
      const after = { ...before, ...change };
      const changes = fieldChanges(describe(before), describe(after));
      if (Object.keys(changes).length > 0) {
        const written = unit.manager.update(AgentRow, { org: principal.org, id }, change);
        await refuseTaken(`There is an agent '${after.name}' already.`, written);
        unit.record(type, actorOf(principal), subjectOf(after), changes);
      }
      // Also where nothing changed: an earlier call may have been cut off before gateways knew.
      unit.forget(after.suspended ? { agent_ids: [id] } : {});
      return presentOne(unit.manager, after);
    });
  }
}

/** @throws NOT_FOUND also for an agent of another org */
export async function findAgent(manager: EntityManager, org: string, id: string): Promise<AgentRow> {
  const agent = await manager.findOneBy(AgentRow, { org, id });
  if (agent === null) throw new ExpactiError('NOT_FOUND', 'There is no such agent.');
  return agent;
}

async function present(manager: EntityManager, org: string, agents: readonly AgentRow[]): Promise<Agent[]> {
  if (agents.length === 0) return [];
  const tokens = await manager.find(AgentTokenRow, {
    where: { org, agentId: In(agents.map((agent) => agent.id)) },
    order: { id: 'DESC' },
  });
  const owners = await manager.findBy(UserRow, { org, id: In(agents.map((agent) => agent.ownerId)) });
  return agents.map((agent) => {
    const owner = owners.find((user) => user.id === agent.ownerId);
    const own = tokens.filter((token) => token.agentId === agent.id);
    return presentAgent(agent, own, owner === undefined ? null : { id: owner.id, name: owner.name });
  });
}

async function presentOne(manager: EntityManager, agent: AgentRow): Promise<Agent> {
  const [presented] = await present(manager, agent.org, [agent]);
  if (presented === undefined) throw new ExpactiError('INTERNAL');
  return presented;
}
