import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { SessionService } from '../sessions/session-service.js';

@Controller()
export class SessionsController {
  readonly #sessions: SessionService;

  constructor(@Inject(SessionService) sessions: SessionService) {
    this.#sessions = sessions;
  }

  @RpcHandler('sessions.start')
  async start({ principal, ...request }: RpcHandled<'sessions.start'>): Promise<RpcResponse<'sessions.start'>> {
    return this.#sessions.start(principal, request);
  }

  @RpcHandler('sessions.resume')
  async resume({ principal, id }: RpcHandled<'sessions.resume'>): Promise<RpcResponse<'sessions.resume'>> {
    return this.#sessions.resume(principal, id);
  }

  @RpcHandler('sessions.end')
  async end({ principal, id }: RpcHandled<'sessions.end'>): Promise<RpcResponse<'sessions.end'>> {
    await this.#sessions.end(principal, id);
    return {};
  }

  @RpcHandler('sessions.get')
  async get({ principal, id }: RpcHandled<'sessions.get'>): Promise<RpcResponse<'sessions.get'>> {
    return this.#sessions.get(principal, id);
  }

  @RpcHandler('sessions.list')
  async list({ principal, query }: RpcHandled<'sessions.list'>): Promise<RpcResponse<'sessions.list'>> {
    return this.#sessions.list(principal, query);
  }
}
