import type { Approval } from '@expacti/contracts';
import { RPC_CLIENT, type RpcClient } from '@expacti/platform';
import { Controller, Inject } from '@nestjs/common';
import { VotingService } from '../commands/voting-service.js';
import { Input, param, type RouteInput, userOf } from '../http/route-input.js';
import { Serves } from '../http/serves.js';
import { toExpactiError } from '../http/to-expacti-error.js';

@Controller()
export class ApprovalsController {
  constructor(
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(VotingService) private readonly voting: VotingService,
  ) {}

  @Serves('listApprovals')
  list(@Input() input: RouteInput<'listApprovals'>) {
    return this.rpc.ask('approvals.list', { principal: userOf(input), query: input.query });
  }

  @Serves('queueSummary')
  summary(@Input() input: RouteInput<'queueSummary'>) {
    return this.rpc.ask('audit.summary', { principal: userOf(input) });
  }

  /** Each item stands alone: one that fails says why and leaves the others untouched. */
  @Serves('bulkDecide')
  async bulk(@Input() input: RouteInput<'bulkDecide'>) {
    const principal = userOf(input);
    const results = [];
    for (const { id, verb, ...seen } of input.body.items) {
      try {
        const approval = await this.voting.vote(principal, id, verb, seen);
        results.push({ id, ok: true, approval });
      } catch (thrown) {
        const error = toExpactiError(thrown);
        results.push({ id, ok: false, error: { code: error.code, message: error.message } });
      }
    }
    return { results };
  }

  @Serves('getApproval')
  get(@Input() input: RouteInput<'getApproval'>) {
    return this.rpc.ask('approvals.get', { principal: userOf(input), id: param(input, 'id') });
  }

  @Serves('approve')
  approve(@Input() input: RouteInput<'approve'>): Promise<Approval> {
    return this.voting.vote(userOf(input), param(input, 'id'), 'approve', input.body);
  }

  @Serves('deny')
  deny(@Input() input: RouteInput<'deny'>): Promise<Approval> {
    return this.voting.vote(userOf(input), param(input, 'id'), 'deny', input.body);
  }
}
