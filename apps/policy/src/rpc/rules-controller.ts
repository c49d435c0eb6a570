import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, DATABASE, RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { exportRules } from '../application/export-rules.js';
import { RememberService } from '../application/remember-service.js';
import { RuleImporter } from '../application/rule-importer.js';
import { RulePreviewer } from '../application/rule-previewer.js';
import { RuleService } from '../application/rule-service.js';
import { listRules } from '../storage/rule-repository.js';
import { pageById, placeOf } from './paging.js';

@Controller()
export class RulesController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RuleService) private readonly rules: RuleService,
    @Inject(RuleImporter) private readonly importer: RuleImporter,
    @Inject(RememberService) private readonly remember: RememberService,
    @Inject(RulePreviewer) private readonly previewer: RulePreviewer,
  ) {}

  @RpcHandler('policy.rules.list')
  async list({ principal, query }: RpcHandled<'policy.rules.list'>): Promise<RpcResponse<'policy.rules.list'>> {
    const before = placeOf(query.cursor);
    const rules = await this.database.read((manager) =>
      listRules(manager, principal.org, { ...query, limit: query.limit + 1 }, before),
    );
    return pageById(rules, query.limit);
  }

  @RpcHandler('policy.rules.get')
  get({ principal, id }: RpcHandled<'policy.rules.get'>): Promise<RpcResponse<'policy.rules.get'>> {
    return this.rules.get(principal.org, id);
  }

  @RpcHandler('policy.rules.create')
  create({ principal, rule }: RpcHandled<'policy.rules.create'>): Promise<RpcResponse<'policy.rules.create'>> {
    return this.rules.create(principal, rule);
  }

  @RpcHandler('policy.rules.update')
  update({ principal, id, change }: RpcHandled<'policy.rules.update'>): Promise<RpcResponse<'policy.rules.update'>> {
    return this.rules.update(principal, id, change);
  }

  @RpcHandler('policy.rules.delete')
  async delete({ principal, id }: RpcHandled<'policy.rules.delete'>): Promise<RpcResponse<'policy.rules.delete'>> {
    await this.rules.delete(principal, id);
    return {};
  }

  @RpcHandler('policy.rules.import')
  import({ principal, request }: RpcHandled<'policy.rules.import'>): Promise<RpcResponse<'policy.rules.import'>> {
    return this.importer.import(principal, request);
  }

  @RpcHandler('policy.rules.export')
  async export({ principal }: RpcHandled<'policy.rules.export'>): Promise<RpcResponse<'policy.rules.export'>> {
    return { rules: await exportRules(this.database, principal.org, this.clock.now()) };
  }

  @RpcHandler('policy.rules.preview')
  preview({ principal, rule, days }: RpcHandled<'policy.rules.preview'>): Promise<RpcResponse<'policy.rules.preview'>> {
    return this.previewer.preview(principal, rule, days);
  }

  @RpcHandler('policy.rules.check_remember')
  async checkRemember({
    principal,
    remember,
    effect,
    approval_id,
  }: RpcHandled<'policy.rules.check_remember'>): Promise<RpcResponse<'policy.rules.check_remember'>> {
    await this.remember.check(principal, remember, effect, approval_id);
    return {};
  }
}
