import {
  type AgentPrincipal,
  type Approval,
  CLOSE_CODES,
  type Command,
  type Decision,
  ExpactiError,
  ID_PREFIXES,
  type ServerFrame,
} from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import type { WebSocket } from 'ws';
import type { SubmittingSession } from '../commands/command-service.js';
import { pendingFields } from '../commands/command-views.js';
import type { ClosedDecision } from '../commands/decision-waiters.js';
import { toExpactiError } from '../http/to-expacti-error.js';
import { type AgentFrame, parseFrame, UnusableFrame } from './agent-frames.js';
import type { AgentSocketServices } from './agent-socket-services.js';

type Frame<T extends AgentFrame['type']> = Extract<AgentFrame, { type: T }>;

/** Bytes that may wait to be sent before a reader that does not read is cut off. */
const MAX_BACKLOG_BYTES = 8 * 1_048_576;

/** One agent's socket: hello, then frames. Each frame is answered on its own; one that fails harms no other. */
export class AgentConnection {
  #agent: AgentPrincipal | undefined;
  #session: SubmittingSession | undefined;
  #greeting = false;
  readonly #stopWaiting = new Set<() => void>();

  constructor(
    private readonly socket: WebSocket,
    private readonly services: AgentSocketServices,
    /** From the `Authorization` header of the upgrade, if there was one. */
    private readonly headerToken: string | undefined,
    private readonly onIdentified: (connection: AgentConnection) => void,
  ) {}

  get agent(): AgentPrincipal | undefined {
    return this.#agent;
  }

  /** Closes with a code that tells the client whether to come back. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** The token or the agent is no longer welcome: not one more frame of it is acted upon. */
  revoke(): void {
    this.#agent = undefined;
    this.ended();
    this.#refuse(
      new ExpactiError('UNAUTHENTICATED', 'The token has expired or was revoked, or the agent was suspended.'),
      undefined,
      undefined,
    );
    this.close(CLOSE_CODES.unauthenticated, 'UNAUTHENTICATED');
  }

  /** A socket never outlives the token that opened it. */
  #revokeAt(expiresAt: number): void {
    this.#stopWaiting.add(this.services.clock.schedule(expiresAt - this.services.clock.now(), () => this.revoke()));
  }

  /** Nobody listens any more: stop waiting for decisions. Pending commands stay pending. */
  ended(): void {
    for (const stop of this.#stopWaiting) stop();
    this.#stopWaiting.clear();
  }

  async receive(text: string): Promise<void> {
    try {
      await this.#handle(parseFrame(text));
    } catch (thrown) {
      if (thrown instanceof UnusableFrame) this.#refuse(thrown.error, thrown.ref, thrown.commandId);
      else this.#refuse(this.#named(thrown), undefined, undefined);
    }
  }

  async #handle(frame: AgentFrame): Promise<void> {
    if (frame.type === 'ping') return this.#send({ type: 'pong', ...('at' in frame ? { at: frame.at } : {}) });
    if (frame.type === 'hello') return this.#hello(frame);
    const agent = this.#agent;
    if (!agent) throw new ExpactiError('UNAUTHENTICATED', 'Say hello first.');
    const { ref, command_id } = frame as { ref?: string; command_id?: string };
    try {
      await this.#dispatch(agent, frame);
    } catch (thrown) {
      this.#refuse(this.#named(thrown), ref, command_id);
    }
  }

  #dispatch(agent: AgentPrincipal, frame: Exclude<AgentFrame, { type: 'hello' | 'ping' }>): Promise<void> {
    switch (frame.type) {
      case 'command.submit':
        return this.#submit(agent, frame);
      case 'command.status':
        return this.#status(agent, frame);
      case 'command.start':
        return this.#start(agent, frame);
      case 'command.cancel':
        return this.#cancel(agent, frame);
      case 'command.result':
        return this.#result(agent, frame);
      case 'session.output':
        throw new ExpactiError('NOT_SUPPORTED', 'This installation does not record session output.');
      case 'session.end':
        return this.#endSession(agent, frame);
    }
  }

  async #hello(frame: Frame<'hello'>): Promise<void> {
    if (this.#agent || this.#greeting) throw new ExpactiError('INVALID', 'hello was said before.');
    this.#greeting = true;
    try {
      const { agent, session, welcome, expiresAt } = await this.services.greeter.greet(
        frame,
        this.headerToken ?? frame.token,
      );
      this.#agent = agent;
      this.#session = session;
      if (expiresAt !== null) this.#revokeAt(expiresAt);
      this.onIdentified(this);
      this.#send(welcome);
    } catch (thrown) {
      const error = this.#named(thrown);
      this.#refuse(error, undefined, undefined);
      if (error.status === 401 || error.status === 403) {
        this.close(error.status === 401 ? CLOSE_CODES.unauthenticated : CLOSE_CODES.forbidden, error.code);
      }
    } finally {
      this.#greeting = false;
    }
  }

  async #submit(agent: AgentPrincipal, { type: _, ref, ...submission }: Frame<'command.submit'>): Promise<void> {
    const commandId = newId(ID_PREFIXES.command);
    // Listening begins before the command exists, so that no decision is missed; telling waits for the first answer.
    const waiting = this.#listen(commandId, ref, true);
    try {
      const submitted = { ...submission, ref } as Parameters<typeof this.services.commands.submit>[1];
      const { command, approval } = await this.services.commands.submit(
        agent,
        submitted,
        this.#session ?? null,
        commandId,
      );
      if (command.status !== 'pending') {
        waiting.stop();
        this.#sendDecided(ref, command);
        return;
      }
      const listening = command.id === commandId ? waiting : waiting.moveTo(command.id);
      if (approval) this.#sendPending(ref, approval);
      listening.release();
    } catch (error) {
      waiting.stop();
      throw error;
    }
  }

  /** Listens for a decision. What comes before `release` waits, so that "pending" is always said before "decided". */
  #listen(commandId: string, ref: string, mayReceiveReceipt: boolean) {
    let held: (() => void)[] | null = [];
    const tell = (deliver: () => void) => (held ? held.push(deliver) : deliver());
    const waiter = {
      mayReceiveReceipt,
      onUpdated: (approval: Approval) => tell(() => this.#sendUpdated(approval)),
      onClosed: (closed: ClosedDecision) => tell(() => void this.#decided(ref, closed, mayReceiveReceipt)),
    };
    let remove = this.services.waiters.add(commandId, waiter);
    const stop = () => {
      remove();
      this.#stopWaiting.delete(stop);
    };
    this.#stopWaiting.add(stop);
    const listening = {
      stop,
      release: () => {
        const deliveries = held ?? [];
        held = null;
        for (const deliver of deliveries) deliver();
      },
      /** The idempotency key named a command that exists already. */
      moveTo: (otherId: string) => {
        remove();
        remove = this.services.waiters.add(otherId, waiter);
        return listening;
      },
    };
    return listening;
  }

  async #decided(ref: string, { approval, decision }: ClosedDecision, mayReceiveReceipt: boolean): Promise<void> {
    const agent = this.#agent;
    if (!agent || this.socket.readyState !== this.socket.OPEN) return;
    let receipt: string | undefined;
    if (decision.outcome === 'allowed' && mayReceiveReceipt) {
      try {
        receipt = (await this.services.commands.start(agent, approval.command_id)).receipt;
      } catch (error) {
        // Another connection of the agent may have taken it; the decision stands without it.
        this.services.logger.debug({ err: error, command_id: approval.command_id }, 'receipt not delivered');
      }
    }
    this.#send({
      type: 'command.decided',
      ref,
      command_id: approval.command_id,
      ...decision,
      ...(receipt ? { receipt } : {}),
    });
  }

  async #status(agent: AgentPrincipal, { command_id }: Frame<'command.status'>): Promise<void> {
    let waiting = this.#listen(command_id, '', false);
    try {
      const command = await this.services.commands.get(agent, command_id);
      waiting.stop();
      const ref = command.ref ?? '';
      if (command.status !== 'pending') return this.#sendDecided(ref, command);
      waiting = this.#listen(command_id, ref, false);
      // Asked again: it may have closed between the two.
      const again = await this.services.commands.get(agent, command_id);
      if (again.status !== 'pending') {
        waiting.stop();
        return this.#sendDecided(ref, again);
      }
      const { approval_id, deadline_at, requirement, review_url, risk } = again;
      if (approval_id && deadline_at && requirement && review_url)
        this.#send({
          type: 'command.pending',
          ref,
          command_id,
          approval_id,
          deadline_at,
          requirement,
          review_url,
          risk,
        });
      waiting.release();
    } catch (error) {
      waiting.stop();
      throw error;
    }
  }

  async #start(agent: AgentPrincipal, { command_id }: Frame<'command.start'>): Promise<void> {
    const { receipt } = await this.services.commands.start(agent, command_id);
    this.#send({ type: 'command.started', command_id, receipt });
  }

  async #cancel(agent: AgentPrincipal, { command_id }: Frame<'command.cancel'>): Promise<void> {
    await this.services.commands.cancel(agent, command_id);
  }

  async #result(agent: AgentPrincipal, { type: _, command_id, ...result }: Frame<'command.result'>): Promise<void> {
    await this.services.commands.report(agent, command_id, result);
  }

  async #endSession(agent: AgentPrincipal, { session_id }: Frame<'session.end'>): Promise<void> {
    await this.services.greeter.endSession(agent, session_id);
    if (this.#session?.id === session_id) this.close(1000, 'session ended');
  }

  #sendPending(ref: string, approval: Approval): void {
    const { id: approval_id, command_id, risk } = approval;
    this.#send({
      type: 'command.pending',
      ref,
      command_id,
      approval_id,
      risk,
      ...pendingFields(this.services.publicUrl, approval),
    });
  }

  #sendUpdated({ command_id, deadline_at, requirement, votes }: Approval): void {
    const seen = votes.map(({ verb, at, void: isVoid }) => ({ verb, at, void: isVoid }));
    this.#send({ type: 'command.updated', command_id, deadline_at, requirement, votes: seen });
  }

  #sendDecided(ref: string, command: Command): void {
    this.#send({ type: 'command.decided', ref, command_id: command.id, ...(command.decision as Decision) });
  }

  /** An error of this connection's own; one that means "no longer welcome" also ends it. */
  #named(thrown: unknown): ExpactiError {
    const error = toExpactiError(thrown);
    if (error.code === 'INTERNAL')
      this.services.logger.error({ err: thrown, agent: this.#agent?.id }, 'agent frame failed');
    return error;
  }

  #refuse(error: ExpactiError, ref: string | undefined, commandId: string | undefined): void {
    const { code, message, retryable } = error;
    this.#send({
      type: 'error',
      code,
      message,
      retryable,
      ...(ref ? { ref } : {}),
      ...(commandId ? { command_id: commandId } : {}),
    });
  }

  #send(frame: ServerFrame): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_BACKLOG_BYTES) {
      this.socket.terminate();
      return;
    }
    this.socket.send(JSON.stringify(frame));
  }
}
