import {
  type Command,
  type CommandResult,
  ExpactiError,
  ID_PREFIXES,
  type RpcHandled,
  type RpcResponse,
} from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { cancel, recordResult, start } from '../domain/execution.js';
import { type Refusal, refuse } from '../domain/refusal.js';
import type { HeldRequest, RunResult } from '../domain/request.js';
import { presentCommand } from '../wire/present.js';
import { cancelledFact, finishedFact, startedFact } from '../wire/request-facts.js';
import { type CurrentRequest, RequestChanges, type Step } from './request-changes.js';

type OwnCommand = Pick<RpcHandled<'approvals.cancel'>, 'principal' | 'id'>;

/** What an agent does with its own commands after it has submitted them. Another agent's are not there. */
@Injectable()
export class Executions {
  constructor(@Inject(RequestChanges) private readonly changes: RequestChanges) {}

  async cancel(asked: OwnCommand): Promise<Command> {
    const current = await this.#applyToOwn(asked, (seen, now) => {
      const moved = cancel(seen.request, now);
      if (moved.kind === 'refused') return moved;
      const { request } = moved;
      return { kind: 'changed', request, vote: null, facts: [cancelledFact(request, seen.votes, now)] };
    });
    return present(found(current));
  }

  /** Records that the receipt is given out, and only then says so. */
  async start({
    receipt_seconds: receiptSeconds,
    ...asked
  }: RpcHandled<'approvals.start'>): Promise<RpcResponse<'approvals.start'>> {
    const jti = newId(ID_PREFIXES.receipt);
    const current = await this.#applyToOwn(asked, (seen, now) => {
      const granted = start(seen.request, { jti, now, receiptSeconds });
      if (granted.kind === 'refused') return granted;
      const { request, grant } = granted;
      return { kind: 'changed', request, vote: null, facts: [startedFact(request, grant, now)] };
    });
    const { execution } = found(current).request;
    if (execution.kind !== 'started') throw new Error('A request that was granted a start is not started');
    const { issuedAt, expiresAt } = execution.grant;
    return { command: present(found(current)), jti, issued_at: timestamp(issuedAt), expires_at: timestamp(expiresAt) };
  }

  /** Null where the command is not held here: a rule may have decided it, which the history knows. */
  async result({ result, ...asked }: RpcHandled<'approvals.result'>): Promise<Command | null> {
    const run = runResultOf(result);
    const current = await this.#applyToOwn(asked, (seen, now) => {
      const moved = recordResult(seen.request, run);
      if (moved.kind === 'refused') return moved;
      const { request } = moved;
      const facts = request === seen.request ? [] : [finishedFact(request, run, now)];
      return { kind: 'changed', request, vote: null, facts };
    });
    return current && present(current);
  }

  async #applyToOwn({ principal, id }: OwnCommand, step: Step): Promise<CurrentRequest | null> {
    try {
      return await this.changes.apply({ org: principal.org, commandId: id }, (seen, now) =>
        isOwn(seen.request, principal.id) ? step(seen, now) : NOT_OWN,
      );
    } catch (error) {
      if (error instanceof ExpactiError && error.code === NOT_OWN.code) return null;
      throw error;
    }
  }
}

const NOT_OWN: Refusal = refuse('NOT_FOUND', 'There is no such command of this agent.');

const isOwn = (request: HeldRequest, agentId: string): boolean => request.agent.id === agentId;

const present = ({ request, votes }: CurrentRequest): Command => presentCommand(request, votes);

function found(current: CurrentRequest | null): CurrentRequest {
  if (current === null) throw new ExpactiError('NOT_FOUND', NOT_OWN.detail);
  return current;
}

const runResultOf = ({ exit_code, signal, duration_ms, output_bytes }: CommandResult): RunResult => ({
  exit_code: exit_code ?? null,
  signal: signal ?? null,
  duration_ms,
  output_bytes: output_bytes ?? null,
});
