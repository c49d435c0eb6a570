import { type Approval, type Command, ExpactiError, type RpcHandled, type RpcResponse } from '@expacti/contracts';
import type { Clock, Database } from '@expacti/persistence';
import { CLOCK, DATABASE } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { isOverdue } from '../domain/lapse.js';
import { listRequests, type StoredRequest } from '../storage/request-store.js';
import { presentApproval, presentCommand } from '../wire/present.js';
import { type CurrentRequest, RequestChanges } from './request-changes.js';

/** Shows requests, never one as pending whose deadline has passed. */
@Injectable()
export class RequestQueries {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RequestChanges) private readonly changes: RequestChanges,
  ) {}

  async get({ principal, id }: RpcHandled<'approvals.get'>): Promise<Approval> {
    const current = await this.changes.current({ org: principal.org, id });
    if (current === null) throw new ExpactiError('NOT_FOUND');
    return presentApproval(current.request, current.votes);
  }

  async list({ principal, query }: RpcHandled<'approvals.list'>): Promise<RpcResponse<'approvals.list'>> {
    const page = await this.database.read((manager) => listRequests(manager, principal.org, query));
    const current = await Promise.all(page.requests.map((stored) => this.#settled(stored)));
    const data = current
      .filter(({ request }) => query.status === undefined || request.state.status === query.status)
      .map(({ request, votes }) => presentApproval(request, votes));
    return { data, next_cursor: page.nextCursor };
  }

  /** Null for what is not held here, of another org, or another agent's. */
  async command({ principal, id }: RpcHandled<'approvals.command'>): Promise<Command | null> {
    const current = await this.changes.current({ org: principal.org, commandId: id });
    if (current === null) return null;
    const { request, votes } = current;
    if (principal.kind === 'agent' && request.agent.id !== principal.id) return null;
    return presentCommand(request, votes);
  }

  async #settled(stored: StoredRequest): Promise<CurrentRequest> {
    const { org, id } = stored.request;
    if (!isOverdue(stored.request, this.clock.now())) return stored;
    return (await this.changes.settle({ org, id })) ?? stored;
  }
}
