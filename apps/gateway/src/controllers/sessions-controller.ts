import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Input, param, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';

@Controller()
export class SessionsController {
  constructor(@Inject(RPC_CLIENT) private readonly rpc: RpcClient) {}

  @Serves('listSessions')
  list(@Input() input: RouteInput<'listSessions'>) {
    return this.rpc.ask('sessions.list', { principal: userOf(input), query: input.query });
  }

  @Serves('getSession')
  get(@Input() input: RouteInput<'getSession'>) {
    return this.rpc.ask('sessions.get', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('sessionCommands')
  commands(@Input() input: RouteInput<'sessionCommands'>) {
    const query = { ...input.query, session_id: param(input, 'id') };
    return this.rpc.ask('audit.commands.list', { principal: userOf(input), query });
  }
}
