import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import type { Database } from '@expacti/persistence';
import { DATABASE, RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { TargetService } from '../application/target-service.js';
import { listTargets } from '../storage/target-repository.js';
import { pageById, placeOf } from './paging.js';

@Controller()
export class TargetsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(TargetService) private readonly targets: TargetService,
  ) {}

  @RpcHandler('policy.targets.list')
  async list({ principal, query }: RpcHandled<'policy.targets.list'>): Promise<RpcResponse<'policy.targets.list'>> {
    const page = { q: query.q, limit: query.limit + 1, before: placeOf(query.cursor) };
    const targets = await this.database.read((manager) => listTargets(manager, principal.org, page));
    return pageById(targets, query.limit);
  }

  @RpcHandler('policy.targets.get')
  get({ principal, id }: RpcHandled<'policy.targets.get'>): Promise<RpcResponse<'policy.targets.get'>> {
    return this.targets.get(principal.org, id);
  }

  @RpcHandler('policy.targets.create')
  create({ principal, target }: RpcHandled<'policy.targets.create'>): Promise<RpcResponse<'policy.targets.create'>> {
    return this.targets.create(principal, target);
  }

  @RpcHandler('policy.targets.update')
  update({
    principal,
    id,
    change,
  }: RpcHandled<'policy.targets.update'>): Promise<RpcResponse<'policy.targets.update'>> {
    return this.targets.update(principal, id, change);
  }

  @RpcHandler('policy.targets.delete')
  async delete({ principal, id }: RpcHandled<'policy.targets.delete'>): Promise<RpcResponse<'policy.targets.delete'>> {
    await this.targets.delete(principal, id);
    return {};
  }
}
