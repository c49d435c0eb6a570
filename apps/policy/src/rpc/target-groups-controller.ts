import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import type { Database } from '@expacti/persistence';
import { DATABASE, RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { TargetGroupService } from '../application/target-group-service.js';
import { listTargetGroups } from '../storage/target-repository.js';
import { pageById, placeOf } from './paging.js';

@Controller()
export class TargetGroupsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(TargetGroupService) private readonly groups: TargetGroupService,
  ) {}

  @RpcHandler('policy.groups.list')
  async list({ principal, query }: RpcHandled<'policy.groups.list'>): Promise<RpcResponse<'policy.groups.list'>> {
    const page = { q: query.q, limit: query.limit + 1, before: placeOf(query.cursor) };
    const groups = await this.database.read((manager) => listTargetGroups(manager, principal.org, page));
    return pageById(groups, query.limit);
  }

  @RpcHandler('policy.groups.get')
  get({ principal, id }: RpcHandled<'policy.groups.get'>): Promise<RpcResponse<'policy.groups.get'>> {
    return this.groups.get(principal.org, id);
  }

  @RpcHandler('policy.groups.create')
  create({ principal, group }: RpcHandled<'policy.groups.create'>): Promise<RpcResponse<'policy.groups.create'>> {
    return this.groups.create(principal, group);
  }

  @RpcHandler('policy.groups.update')
  update({ principal, id, change }: RpcHandled<'policy.groups.update'>): Promise<RpcResponse<'policy.groups.update'>> {
    return this.groups.update(principal, id, change);
  }

  @RpcHandler('policy.groups.delete')
  async delete({ principal, id }: RpcHandled<'policy.groups.delete'>): Promise<RpcResponse<'policy.groups.delete'>> {
    await this.groups.delete(principal, id);
    return {};
  }
}
