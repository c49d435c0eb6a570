import { type Approval, type Command, ExpactiError, type RpcHandled } from '@expacti/contracts';
import { sha256Hex } from '@expacti/crypto';
import { appendToOutbox, type Clock, type Database, isUniqueViolation, serialize } from '@expacti/persistence';
import { CLOCK, DATABASE, fact, RPC_CLIENT, type RpcClient, submissionFingerprint } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { openRequest } from '../domain/open-request.js';
import type { HeldRequest } from '../domain/request.js';
import { claimKey } from '../storage/key-store.js';
import { countPending, findRequest, insertRequest } from '../storage/request-store.js';
import { presentApproval, presentCommand } from '../wire/present.js';
import { openedFacts } from '../wire/request-facts.js';
import { DeadlineSweeper } from './deadline-sweeper.js';
import { RequestChanges } from './request-changes.js';

type Submit = RpcHandled<'approvals.submit'>;
type Submitted = { command: Command; approval: Approval | null; repeated: boolean };

/** Where a submission ended up: a new request, or the command that its idempotency key stands for. */
type Landing = { kind: 'opened'; request: HeldRequest } | { kind: 'repeated'; commandId: string };

/** Takes in what has to wait for a person, once per idempotency key. */
@Injectable()
export class Submissions {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RPC_CLIENT) private readonly rpc: RpcClient,
    @Inject(RequestChanges) private readonly changes: RequestChanges,
    @Inject(DeadlineSweeper) private readonly sweeper: DeadlineSweeper,
  ) {}

  async submit(submit: Submit): Promise<Submitted> {
    if (sha256Hex(submit.held.text) !== submit.held.text_sha256)
      throw new ExpactiError('INVALID', 'held.text_sha256: is not the SHA-256 of the text');
    const landing = await retried(() => this.database.transaction((manager) => this.#land(manager, submit)));
    if (landing.kind === 'repeated') return this.#repeated(submit, landing.commandId);
    const { request } = landing;
    this.sweeper.expect(request.deadlineAt);
    return { command: presentCommand(request, []), approval: presentApproval(request, []), repeated: false };
  }

  /**
   * Records a decision by rule together with its idempotency key, or tells which command the key stands for already.
   */
  async claimKey({
    principal,
    key,
    fingerprint,
    decided,
  }: RpcHandled<'approvals.claim_key'>): Promise<{ command_id: string }> {
    const { org, id: agentId } = principal;
    const { id: commandId, agent } = decided.data.command;
    if (agent.id !== agentId) throw new ExpactiError('NOT_FOUND');
    const now = this.clock.now();
    const claim = await retried(() =>
      this.database.transaction(async (manager) => {
        const claimed = await claimKey(manager, { org, agentId, key, fingerprint, commandId }, now);
        if (claimed.isNew) await appendToOutbox(manager, [fact('command.decided', org, commandId, now, decided)]);
        return claimed;
      }),
    );
    return { command_id: claim.commandId };
  }

  async #land(manager: EntityManager, { principal, held }: Submit): Promise<Landing> {
    const { org, id: agentId } = principal;
    // Counting what waits and adding to it are one step only when nobody else does the same in between.
    await serialize(manager, `approvals:${org}:${agentId}`);
    const now = this.clock.now();
    const fingerprint = fingerprintOf(held);
    const key = held.submission.idempotency_key;
    if (key !== undefined) {
      const claim = await claimKey(manager, { org, agentId, key, fingerprint, commandId: held.command_id }, now);
      if (!claim.isNew) return { kind: 'repeated', commandId: claim.commandId };
    }
    const same = await findRequest(manager, { org, commandId: held.command_id });
    if (same !== null) {
      // The asker lost our answer and asks again.
      if (same.request.agent.id !== agentId || same.fingerprint !== fingerprint)
        throw new ExpactiError('IDEMPOTENCY_CLASH', 'This command id stands for a different request.');
      return { kind: 'repeated', commandId: held.command_id };
    }
    if ((await countPending(manager, org, agentId, held.pending_limit)) >= held.pending_limit) {
      throw new ExpactiError(
        'TOO_MANY_PENDING',
        `${held.pending_limit} commands of this agent wait for review. Wait for decisions, or cancel some.`,
        { retryAfterSeconds: RETRY_AFTER_SECONDS },
      );
    }
    const request = openRequest(held, principal, now);
    await insertRequest(manager, request, fingerprint);
    await appendToOutbox(manager, openedFacts(request, now));
    return { kind: 'opened', request };
  }

  /** The command that the key stands for. One that a rule decided is not here but in the history. */
  async #repeated({ principal }: Submit, commandId: string): Promise<Submitted> {
    const current = await this.changes.current({ org: principal.org, commandId });
    if (current !== null) {
      const { request, votes } = current;
      return { command: presentCommand(request, votes), approval: presentApproval(request, votes), repeated: true };
    }
    const command = await this.rpc.ask('audit.commands.get', { principal, id: commandId });
    if (command === null)
      throw new ExpactiError(
        'UNAVAILABLE',
        `The key stands for ${commandId}, which is still being recorded. Try again.`,
      );
    return { command, approval: null, repeated: true };
  }
}

const RETRY_AFTER_SECONDS = 5;

const fingerprintOf = ({ submission, text, shell, target }: Submit['held']): string =>
  submissionFingerprint({ kind: submission.kind, text, shell, cwd: submission.cwd ?? null, target });

/** Two who insert the same key at once: the loser looks again and finds the winner's. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return work();
  }
}
