import { type RestApi, unwrap } from '../connection/rest-api.js';
import type { Command } from '../wire/types.js';
import { type Job, type Settled, tellPending } from './job.js';

/** How long one poll waits at the server, in seconds. The protocol's most is 60; proxies often cut at 60. */
const POLL_SECONDS = 30;
/** Beyond what the server was asked to wait. */
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * The same as over the WebSocket, by long polling.
 * @param sessionId The session to submit in, where there is one.
 * @throws LinkLost, typed errors, or the signal's reason.
 */
export async function settleByRest(api: RestApi, job: Job, sessionId: string | undefined): Promise<Settled> {
  let command =
    job.commandId === undefined ? await submit(api, job, sessionId) : await poll(api, job, job.commandId, 0);
  while (command.status === 'pending') {
    tell(job, command);
    command = await poll(api, job, command.id, POLL_SECONDS);
  }
  if (command.decision?.outcome === 'allowed' && command.decision.receipt === undefined) {
    command = await start(api, command.id);
  }
  return settled(command);
}

async function submit(api: RestApi, job: Job, sessionId: string | undefined): Promise<Command> {
  // Without waiting at the server and without the caller's signal: the command's id must be known to withdraw it.
  job.submitting = unwrap<Command>(
    api.POST('/api/v1/commands', {
      body: {
        ...job.body,
        ref: job.ref,
        idempotency_key: job.idempotencyKey,
        ...(sessionId === undefined ? {} : { session_id: sessionId }),
      },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    }),
  );
  try {
    const command = await job.submitting;
    job.commandId = command.id;
    job.sessionIds.add(command.session_id);
    job.signal?.throwIfAborted();
    return command;
  } finally {
    job.submitting = undefined;
  }
}

function poll(api: RestApi, job: Job, id: string, seconds: number): Promise<Command> {
  const timeout = AbortSignal.timeout(seconds * 1_000 + ANSWER_TIMEOUT_MS);
  const signal = job.signal ? AbortSignal.any([job.signal, timeout]) : timeout;
  return unwrap<Command>(
    api.GET('/api/v1/commands/{id}', { params: { path: { id }, query: { wait_seconds: seconds } }, signal }),
  );
}

const start = (api: RestApi, id: string): Promise<Command> =>
  unwrap<Command>(
    api.POST('/api/v1/commands/{id}/start', {
      params: { path: { id } },
      body: {},
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    }),
  );

function tell(job: Job, command: Command): void {
  const { requirement, deadline_at: deadlineAt, approval_id: approvalId } = command;
  if (!requirement || !deadlineAt || !approvalId) return;
  tellPending(job, {
    commandId: command.id,
    approvalId,
    deadlineAt,
    reviewUrl: command.review_url ?? '',
    requirement,
    risk: command.risk,
  });
}

function settled(command: Command): Settled {
  const { decision } = command;
  if (!decision) throw new TypeError(`Command ${command.id} is ${command.status} without a decision.`);
  return { commandId: command.id, decision, receipt: decision.receipt, org: undefined, agent: command.agent.id };
}
