import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Input, param, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';

@Controller()
export class TargetsController {
  constructor(@Inject(RPC_CLIENT) private readonly rpc: RpcClient) {}

  @Serves('listTargets')
  list(@Input() input: RouteInput<'listTargets'>) {
    return this.rpc.ask('policy.targets.list', { principal: userOf(input), query: input.query });
  }

  @Serves('createTarget')
  create(@Input() input: RouteInput<'createTarget'>) {
    return this.rpc.ask('policy.targets.create', { principal: userOf(input), target: input.body });
  }

  @Serves('getTarget')
  get(@Input() input: RouteInput<'getTarget'>) {
    return this.rpc.ask('policy.targets.get', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('updateTarget')
  update(@Input() input: RouteInput<'updateTarget'>) {
    return this.rpc.ask('policy.targets.update', {
      principal: userOf(input),
      id: param(input, 'id'),
      change: input.body,
    });
  }

  @Serves('deleteTarget')
  async delete(@Input() input: RouteInput<'deleteTarget'>) {
    await this.rpc.ask('policy.targets.delete', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('listTargetGroups')
  listGroups(@Input() input: RouteInput<'listTargetGroups'>) {
    return this.rpc.ask('policy.groups.list', { principal: userOf(input), query: input.query });
  }

  @Serves('createTargetGroup')
  createGroup(@Input() input: RouteInput<'createTargetGroup'>) {
    return this.rpc.ask('policy.groups.create', { principal: userOf(input), group: input.body });
  }

  @Serves('getTargetGroup')
  getGroup(@Input() input: RouteInput<'getTargetGroup'>) {
    return this.rpc.ask('policy.groups.get', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('updateTargetGroup')
  updateGroup(@Input() input: RouteInput<'updateTargetGroup'>) {
    return this.rpc.ask('policy.groups.update', {
      principal: userOf(input),
      id: param(input, 'id'),
      change: input.body,
    });
  }

  @Serves('deleteTargetGroup')
  async deleteGroup(@Input() input: RouteInput<'deleteTargetGroup'>) {
    await this.rpc.ask('policy.groups.delete', { principal: userOf(input), id: param(input, 'id') });
  }
}
