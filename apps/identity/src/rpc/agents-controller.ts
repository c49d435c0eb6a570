import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { AgentService } from '../agents/agent-service.js';
import { AgentTokenService } from '../agents/agent-token-service.js';

@Controller()
export class AgentsController {
  readonly #agents: AgentService;
  readonly #tokens: AgentTokenService;

  constructor(@Inject(AgentService) agents: AgentService, @Inject(AgentTokenService) tokens: AgentTokenService) {
    this.#agents = agents;
    this.#tokens = tokens;
  }

  @RpcHandler('identity.agents.list')
  async list({ principal, query }: RpcHandled<'identity.agents.list'>): Promise<RpcResponse<'identity.agents.list'>> {
    return this.#agents.list(principal, query);
  }

  @RpcHandler('identity.agents.get')
  async get({ principal, id }: RpcHandled<'identity.agents.get'>): Promise<RpcResponse<'identity.agents.get'>> {
    return this.#agents.get(principal, id);
  }

  @RpcHandler('identity.agents.create')
  async create({
    principal,
    agent,
  }: RpcHandled<'identity.agents.create'>): Promise<RpcResponse<'identity.agents.create'>> {
    return this.#agents.create(principal, agent);
  }

  @RpcHandler('identity.agents.update')
  async update(request: RpcHandled<'identity.agents.update'>): Promise<RpcResponse<'identity.agents.update'>> {
    return this.#agents.update(request.principal, request.id, request.change);
  }

  @RpcHandler('identity.agents.delete')
  async delete({
    principal,
    id,
  }: RpcHandled<'identity.agents.delete'>): Promise<RpcResponse<'identity.agents.delete'>> {
    await this.#agents.delete(principal, id);
    return {};
  }

  @RpcHandler('identity.agents.suspend')
  async suspend({
    principal,
    id,
  }: RpcHandled<'identity.agents.suspend'>): Promise<RpcResponse<'identity.agents.suspend'>> {
    return this.#agents.suspend(principal, id);
  }

  @RpcHandler('identity.agents.resume')
  async resume({
    principal,
    id,
  }: RpcHandled<'identity.agents.resume'>): Promise<RpcResponse<'identity.agents.resume'>> {
    return this.#agents.resume(principal, id);
  }

  @RpcHandler('identity.tokens.issue')
  async issue(request: RpcHandled<'identity.tokens.issue'>): Promise<RpcResponse<'identity.tokens.issue'>> {
    return this.#tokens.issue(request.principal, request.agent_id, request.token);
  }

  @RpcHandler('identity.tokens.revoke')
  async revoke(request: RpcHandled<'identity.tokens.revoke'>): Promise<RpcResponse<'identity.tokens.revoke'>> {
    await this.#tokens.revoke(request.principal, request.agent_id, request.id);
    return {};
  }
}
