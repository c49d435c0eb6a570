import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { AuditLog } from '../service/audit-log.js';
import { History } from '../service/history.js';

/** What the audit log and the history answer. */
@Controller()
export class AuditController {
  constructor(
    @Inject(AuditLog) private readonly log: AuditLog,
    @Inject(History) private readonly history: History,
  ) {}

  @RpcHandler('audit.entries')
  entries(request: RpcHandled<'audit.entries'>): Promise<RpcResponse<'audit.entries'>> {
    return this.log.entries(request);
  }

  @RpcHandler('audit.export')
  export(request: RpcHandled<'audit.export'>): Promise<RpcResponse<'audit.export'>> {
    return this.log.export(request);
  }

  @RpcHandler('audit.head')
  head(request: RpcHandled<'audit.head'>): Promise<RpcResponse<'audit.head'>> {
    return this.log.head(request);
  }

  @RpcHandler('audit.commands.list')
  list(request: RpcHandled<'audit.commands.list'>): Promise<RpcResponse<'audit.commands.list'>> {
    return this.history.list(request);
  }

  @RpcHandler('audit.commands.get')
  get(request: RpcHandled<'audit.commands.get'>): Promise<RpcResponse<'audit.commands.get'>> {
    return this.history.get(request);
  }

  @RpcHandler('audit.commands.timeline')
  timeline(request: RpcHandled<'audit.commands.timeline'>): Promise<RpcResponse<'audit.commands.timeline'>> {
    return this.history.timeline(request);
  }

  @RpcHandler('audit.commands.result')
  result(request: RpcHandled<'audit.commands.result'>): Promise<RpcResponse<'audit.commands.result'>> {
    return this.history.result(request);
  }

  @RpcHandler('audit.commands.recent')
  recent(request: RpcHandled<'audit.commands.recent'>): Promise<RpcResponse<'audit.commands.recent'>> {
    return this.history.recent(request);
  }

  @RpcHandler('audit.summary')
  summary(request: RpcHandled<'audit.summary'>): Promise<RpcResponse<'audit.summary'>> {
    return this.history.summary(request);
  }
}
