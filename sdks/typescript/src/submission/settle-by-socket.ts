import type { AgentSocket } from '../connection/agent-socket.js';
import { errorOfFrame } from '../connection/frame-error.js';
import { LinkLost } from '../connection/link-lost.js';
import type { DecidedFrame, PendingFrame, ServerFrame, WelcomeFrame } from '../wire/frames.js';
import { type Job, type Settled, tellPending } from './job.js';

/**
 * Submits over the agent WebSocket, or asks after a command that was submitted before, and waits for its decision and
 * receipt.
 * @throws LinkLost when the connection breaks meanwhile; typed errors when the server refuses; the signal's reason.
 */
export async function settleBySocket(socket: AgentSocket, job: Job): Promise<Settled> {
  const welcome = await socket.connect();
  job.signal?.throwIfAborted();
  return new Promise<Settled>((resolve, reject) => {
    const exchange = new SocketExchange(socket, job, welcome);
    const onAbort = (): void => finish(() => reject(job.signal?.reason));
    const stop = socket.listen((event) => {
      if (event.type === 'lost') return finish(() => reject(event.error));
      try {
        const settled = exchange.read(event.frame);
        if (settled) finish(() => resolve(settled));
      } catch (error) {
        finish(() => reject(error));
      }
    });
    const finish = (settle: () => void): void => {
      stop();
      job.signal?.removeEventListener('abort', onAbort);
      settle();
    };
    job.signal?.addEventListener('abort', onAbort);
    if (!exchange.begin()) finish(() => reject(new LinkLost('The connection was lost.')));
  });
}

class SocketExchange {
  private readonly socket: AgentSocket;
  private readonly job: Job;
  private readonly welcome: WelcomeFrame;
  private decided: DecidedFrame | undefined;

  constructor(socket: AgentSocket, job: Job, welcome: WelcomeFrame) {
    this.socket = socket;
    this.job = job;
    this.welcome = welcome;
  }

  begin(): boolean {
    const { job, socket, welcome } = this;
    if (job.commandId !== undefined) return socket.send({ type: 'command.status', command_id: job.commandId });
    job.sessionIds.add(welcome.session_id);
    return socket.send({
      ...job.body,
      type: 'command.submit',
      ref: job.ref,
      idempotency_key: job.idempotencyKey,
    });
  }

  /** @returns The outcome once a frame completes it. */
  read(frame: ServerFrame): Settled | undefined {
    switch (frame.type) {
      case 'command.pending':
        if (this.isOurs(frame)) this.onPending(frame);
        return undefined;
      case 'command.updated': {
        const { command_id: commandId, deadline_at: deadlineAt, requirement } = frame;
        if (this.isOurs(frame)) this.job.observer.onUpdate?.({ commandId, deadlineAt, requirement });
        return undefined;
      }
      case 'command.decided':
        return this.isOurs(frame) ? this.onDecided(frame) : undefined;
      case 'command.started':
        return this.isOurs(frame) && this.decided ? this.settled(this.decided, frame.receipt) : undefined;
      case 'error':
        if (this.isOurs(frame)) throw errorOfFrame(frame);
        return undefined;
      case 'welcome':
      case 'pong':
        return undefined;
    }
  }

  private isOurs(frame: { ref?: string | null; command_id?: string }): boolean {
    if (this.job.commandId !== undefined && frame.command_id !== undefined)
      return frame.command_id === this.job.commandId;
    return frame.ref === this.job.ref;
  }

  private onPending(frame: PendingFrame): void {
    tellPending(this.job, {
      commandId: frame.command_id,
      approvalId: frame.approval_id,
      deadlineAt: frame.deadline_at,
      reviewUrl: frame.review_url,
      requirement: frame.requirement,
      risk: frame.risk,
    });
  }

  private onDecided(frame: DecidedFrame): Settled | undefined {
    this.job.commandId = frame.command_id;
    if (frame.outcome === 'denied') return this.settled(frame, undefined);
    if (frame.receipt !== undefined) return this.settled(frame, frame.receipt);
    // Decided while we were away: the receipt has to be asked for, once.
    this.decided = frame;
    this.socket.send({ type: 'command.start', command_id: frame.command_id });
    return undefined;
  }

  private settled(frame: DecidedFrame, receipt: string | undefined): Settled {
    const { org, agent } = this.welcome;
    return { commandId: frame.command_id, decision: frame, receipt, org, agent };
  }
}
