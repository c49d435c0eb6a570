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
import { pendingFields, reviewUrl } from '../commands/command-views.js';
import type { ClosedDecision } from '../commands/decision-waiters.js';
import { toExpactiError } from '../http/to-expacti-error.js';
import { type AgentFrame, parseFrame, UnusableFrame } from './agent-frames.js';
import type { AgentSocketServices } from './agent-socket-services.js';
import { DecisionListeners } from './decision-listeners.js';

type Frame<T extends AgentFrame['type']> = Extract<AgentFrame, { type: T }>;

/** Bytes that may wait to be sent before a reader that does not read is cut off. */
const MAX_BACKLOG_BYTES = 8 * 1_048_576;

/** One agent's socket: hello, then frames. Each frame is answered on its own; one that fails harms no other. */
export class AgentConnection {
  #agent: AgentPrincipal | undefined;
  #session: SubmittingSession | undefined;
  /** Kept while the socket is open: after a lapse of the identity lease it is shown once more. */
  #token = '';
  #greeting = false;
  #isClosing = false;
  readonly #listeners: DecisionListeners;
  #cancelExpiry: () => void = () => undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly services: AgentSocketServices,
    /** From the `Authorization` header of the upgrade, if there was one. */
    private readonly headerToken: string | undefined,
    private readonly onIdentified: (connection: AgentConnection) => void,
  ) {
    this.#listeners = new DecisionListeners(services.waiters, {
      updated: (approval) => this.#sendUpdated(approval),
      closed: (ref, closed, mayReceiveReceipt) => void this.#decided(ref, closed, mayReceiveReceipt),
    });
  }

  get agent(): AgentPrincipal | undefined {
    return this.#agent;
  }

  /** Closes with a code that tells the client whether to come back. */
  close(code: number, reason: string): void {
    this.#isClosing = true;
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
    const { clock } = this.services;
    this.#cancelExpiry = clock.schedule(expiresAt - clock.now(), () => {
      // Timers are shorter than some tokens live, so one may come early.
      if (clock.now() < expiresAt) this.#revokeAt(expiresAt);
      else this.revoke();
    });
  }

  /** Nobody listens any more: stop waiting for decisions. Pending commands stay pending. */
  ended(): void {
    this.#cancelExpiry();
    this.#listeners.stopAll();
  }

  async receive(text: string): Promise<void> {
    // The peer may send until it has heard the goodbye; nobody would hear the answers.
    if (this.#isClosing) return;
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
    if (!this.#agent) throw new ExpactiError('UNAUTHENTICATED', 'Say hello first.');
    const { ref, command_id } = frame as { ref?: string; command_id?: string };
    try {
      await this.#dispatch(await this.#confirmed(this.#agent), frame);
    } catch (thrown) {
      this.#refuse(this.#named(thrown), ref, command_id);
    }
  }

  async #dispatch(agent: AgentPrincipal, frame: Exclude<AgentFrame, { type: 'hello' | 'ping' }>): Promise<void> {
    if (frame.type !== 'command.submit') await this.services.limits.takeAgent(agent.id);
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

  async #confirmed(known: AgentPrincipal): Promise<AgentPrincipal> {
    try {
      const agent = await this.services.greeter.confirm(known, this.#token);
      // Revoked while identity was asked.
      if (!this.#agent) throw new ExpactiError('UNAUTHENTICATED');
      this.#agent = agent;
      return agent;
    } catch (error) {
      if (error instanceof ExpactiError && error.code === 'UNAUTHENTICATED') this.revoke();
      throw error;
    }
  }

  async #hello(frame: Frame<'hello'>): Promise<void> {
    if (this.#agent || this.#greeting) throw new ExpactiError('INVALID', 'hello was said before.');
    this.#greeting = true;
    try {
      const token = this.headerToken ?? frame.token;
      const { agent, session, welcome, expiresAt } = await this.services.greeter.greet(frame, token);
      this.#agent = agent;
      this.#token = token ?? '';
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
    const listening = this.#listeners.listen(commandId, ref, true);
    try {
      const submitted = { ...submission, ref } as Parameters<typeof this.services.commands.submit>[1];
      const answer = await this.services.commands.submit(agent, submitted, this.#session ?? null, commandId);
      const { command, approval } = answer;
      if (command.status === 'pending' && command.id === commandId && approval) {
        this.#sendPending(ref, approval);
        listening.release();
        return;
      }
      listening.stop();
      if (command.status === 'pending') await this.#follow(agent, command.id, ref, true);
      else this.#sendDecided(ref, command, () => answer.confirm());
    } catch (error) {
      listening.stop();
      throw error;
    }
  }

  /** Says how a command stands, and tells its decision later. It listens before it asks, so that no news fall between. */
  async #follow(agent: AgentPrincipal, commandId: string, ref: string, mayReceiveReceipt: boolean): Promise<void> {
    const listening = this.#listeners.listen(commandId, ref, mayReceiveReceipt);
    try {
      const command = await this.services.commands.get(agent, commandId);
      if (command.status === 'pending') {
        this.#sendStillPending(ref, command);
        listening.release();
      } else {
        listening.stop();
        this.#sendDecided(ref, command);
      }
    } catch (error) {
      listening.stop();
      throw error;
    }
  }

  async #decided(ref: string, { approval, decision }: ClosedDecision, mayReceiveReceipt: boolean): Promise<void> {
    const agent = this.#agent;
    if (!agent || this.socket.readyState !== this.socket.OPEN) return;
    // The socket is about to be closed: the agent asks at another server, and gets the receipt there.
    if (this.services.drain.isDraining) return;
    let receipt: string | undefined;
    if (decision.outcome === 'allowed' && mayReceiveReceipt) {
      try {
        receipt = (await this.services.commands.start(await this.#confirmed(agent), approval.command_id)).receipt;
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
    const command = await this.services.commands.get(agent, command_id);
    const ref = command.ref ?? '';
    if (command.status !== 'pending') this.#sendDecided(ref, command);
    // Who submitted it on this connection is told already, with the receipt; a second voice would only confuse.
    else if (this.#listeners.isListening(command_id, ref)) this.#sendStillPending(ref, command);
    else await this.#follow(agent, command_id, ref, false);
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

  #sendStillPending(ref: string, { id: command_id, approval_id, deadline_at, requirement, risk }: Command): void {
    if (!approval_id || !deadline_at || !requirement) throw new Error(`${command_id} is pending without an approval`);
    const review_url = reviewUrl(this.services.publicUrl, approval_id);
    const state = { command_id, approval_id, deadline_at, requirement, review_url, risk };
    this.#send({ type: 'command.pending', ref, ...state });
  }

  #sendUpdated({ command_id, deadline_at, requirement, votes }: Approval): void {
    const seen = votes.map(({ verb, at, void: isVoid }) => ({ verb, at, void: isVoid }));
    this.#send({ type: 'command.updated', command_id, deadline_at, requirement, votes: seen });
  }

  #sendDecided(ref: string, command: Command, confirm?: () => void): void {
    this.#send({ type: 'command.decided', ref, command_id: command.id, ...(command.decision as Decision) }, confirm);
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

  /** @param confirm throws where the frame must not leave any more; asked last of all, with nothing left to do but to write */
  #send(frame: ServerFrame, confirm?: () => void): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_BACKLOG_BYTES) {
      this.socket.terminate();
      return;
    }
    const text = JSON.stringify(frame);
    confirm?.();
    this.socket.send(text);
  }
}
