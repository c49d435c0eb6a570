import type { RpcHandled, RpcResponse } from '@expacti/contracts';
import { RpcHandler } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { Executions } from '../service/executions.js';
import { RequestQueries } from '../service/request-queries.js';
import { Submissions } from '../service/submissions.js';
import { Voting } from '../service/voting.js';

/** What the approval queue answers. */
@Controller()
export class ApprovalsController {
  constructor(
    @Inject(Submissions) private readonly submissions: Submissions,
    @Inject(Voting) private readonly voting: Voting,
    @Inject(Executions) private readonly executions: Executions,
    @Inject(RequestQueries) private readonly queries: RequestQueries,
  ) {}

  @RpcHandler('approvals.submit')
  submit(request: RpcHandled<'approvals.submit'>): Promise<RpcResponse<'approvals.submit'>> {
    return this.submissions.submit(request);
  }

  @RpcHandler('approvals.claim_key')
  claimKey(request: RpcHandled<'approvals.claim_key'>): Promise<RpcResponse<'approvals.claim_key'>> {
    return this.submissions.claimKey(request);
  }

  @RpcHandler('approvals.vote')
  vote(request: RpcHandled<'approvals.vote'>): Promise<RpcResponse<'approvals.vote'>> {
    return this.voting.vote(request);
  }

  @RpcHandler('approvals.get')
  get(request: RpcHandled<'approvals.get'>): Promise<RpcResponse<'approvals.get'>> {
    return this.queries.get(request);
  }

  @RpcHandler('approvals.list')
  list(request: RpcHandled<'approvals.list'>): Promise<RpcResponse<'approvals.list'>> {
    return this.queries.list(request);
  }

  @RpcHandler('approvals.command')
  command(request: RpcHandled<'approvals.command'>): Promise<RpcResponse<'approvals.command'>> {
    return this.queries.command(request);
  }

  @RpcHandler('approvals.cancel')
  cancel(request: RpcHandled<'approvals.cancel'>): Promise<RpcResponse<'approvals.cancel'>> {
    return this.executions.cancel(request);
  }

  @RpcHandler('approvals.start')
  start(request: RpcHandled<'approvals.start'>): Promise<RpcResponse<'approvals.start'>> {
    return this.executions.start(request);
  }

  @RpcHandler('approvals.result')
  result(request: RpcHandled<'approvals.result'>): Promise<RpcResponse<'approvals.result'>> {
    return this.executions.result(request);
  }
}
