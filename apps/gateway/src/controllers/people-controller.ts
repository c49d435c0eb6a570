import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Input, param, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';

@Controller()
export class PeopleController {
  constructor(@Inject(RPC_CLIENT) private readonly rpc: RpcClient) {}

  @Serves('getOrg')
  org(@Input() input: RouteInput<'getOrg'>) {
    return this.rpc.ask('identity.org', { org: userOf(input).org });
  }

  @Serves('updateOrg')
  updateOrg(@Input() input: RouteInput<'updateOrg'>) {
    return this.rpc.ask('identity.org.update', { principal: userOf(input), change: input.body });
  }

  @Serves('listUsers')
  list(@Input() input: RouteInput<'listUsers'>) {
    return this.rpc.ask('identity.users.list', { principal: userOf(input), query: input.query });
  }

  @Serves('createUser')
  create(@Input() input: RouteInput<'createUser'>) {
    return this.rpc.ask('identity.users.create', { principal: userOf(input), user: input.body });
  }

  @Serves('getUser')
  get(@Input() input: RouteInput<'getUser'>) {
    return this.rpc.ask('identity.users.get', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('updateUser')
  update(@Input() input: RouteInput<'updateUser'>) {
    return this.rpc.ask('identity.users.update', {
      principal: userOf(input),
      id: param(input, 'id'),
      change: input.body,
    });
  }

  @Serves('deleteUser')
  async delete(@Input() input: RouteInput<'deleteUser'>) {
    await this.rpc.ask('identity.users.delete', { principal: userOf(input), id: param(input, 'id') });
  }
}
