import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Input, param, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';

@Controller()
export class AgentsController {
  constructor(@Inject(RPC_CLIENT) private readonly rpc: RpcClient) {}

  @Serves('listAgents')
  list(@Input() input: RouteInput<'listAgents'>) {
    return this.rpc.ask('identity.agents.list', { principal: userOf(input), query: input.query });
  }

  @Serves('createAgent')
  create(@Input() input: RouteInput<'createAgent'>) {
    return this.rpc.ask('identity.agents.create', { principal: userOf(input), agent: input.body });
  }

  @Serves('getAgent')
  get(@Input() input: RouteInput<'getAgent'>) {
    return this.rpc.ask('identity.agents.get', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('updateAgent')
  update(@Input() input: RouteInput<'updateAgent'>) {
    return this.rpc.ask('identity.agents.update', {
      principal: userOf(input),
      id: param(input, 'id'),
      change: input.body,
    });
  }

  @Serves('deleteAgent')
  async delete(@Input() input: RouteInput<'deleteAgent'>) {
    await this.rpc.ask('identity.agents.delete', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('suspendAgent')
  suspend(@Input() input: RouteInput<'suspendAgent'>) {
    return this.rpc.ask('identity.agents.suspend', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('resumeAgent')
  resume(@Input() input: RouteInput<'resumeAgent'>) {
    return this.rpc.ask('identity.agents.resume', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('issueToken')
  issueToken(@Input() input: RouteInput<'issueToken'>) {
    return this.rpc.ask('identity.tokens.issue', {
      principal: userOf(input),
      agent_id: param(input, 'id'),
      token: input.body,
    });
  }

  @Serves('revokeToken')
  async revokeToken(@Input() input: RouteInput<'revokeToken'>) {
    await this.rpc.ask('identity.tokens.revoke', {
      principal: userOf(input),
      agent_id: param(input, 'id'),
      id: param(input, 'token_id'),
    });
  }
}
