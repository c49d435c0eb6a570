import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { OrgService } from '../people/org-service.js';
import { UserService } from '../people/user-service.js';

@Controller()
export class PeopleController {
  readonly #orgs: OrgService;
  readonly #users: UserService;

  constructor(@Inject(OrgService) orgs: OrgService, @Inject(UserService) users: UserService) {
    this.#orgs = orgs;
    this.#users = users;
  }

  @RpcHandler('identity.org')
  async org(request: RpcHandled<'identity.org'>): Promise<RpcResponse<'identity.org'>> {
    return this.#orgs.get(request.org);
  }

  @RpcHandler('identity.org.update')
  async updateOrg({
    principal,
    change,
  }: RpcHandled<'identity.org.update'>): Promise<RpcResponse<'identity.org.update'>> {
    return this.#orgs.update(principal, change);
  }

  @RpcHandler('identity.users.list')
  async list({ principal, query }: RpcHandled<'identity.users.list'>): Promise<RpcResponse<'identity.users.list'>> {
    return this.#users.list(principal, query);
  }

  @RpcHandler('identity.users.get')
  async get({ principal, id }: RpcHandled<'identity.users.get'>): Promise<RpcResponse<'identity.users.get'>> {
    return this.#users.get(principal, id);
  }

  @RpcHandler('identity.users.create')
  async create({
    principal,
    user,
  }: RpcHandled<'identity.users.create'>): Promise<RpcResponse<'identity.users.create'>> {
    return this.#users.invite(principal, user);
  }

  @RpcHandler('identity.users.update')
  async update(request: RpcHandled<'identity.users.update'>): Promise<RpcResponse<'identity.users.update'>> {
    return this.#users.update(request.principal, request.id, request.change);
  }

  @RpcHandler('identity.users.delete')
  async delete({ principal, id }: RpcHandled<'identity.users.delete'>): Promise<RpcResponse<'identity.users.delete'>> {
    await this.#users.delete(principal, id);
    return {};
  }
}
