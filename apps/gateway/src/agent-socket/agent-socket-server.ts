import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE_CODES, type HintPayload, MAX_FRAME_BYTES } from '@expacti/contracts';
import { CLOCK, type Clock, LOGGER, type Logger } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type WebSocket, WebSocketServer } from 'ws';
import { revokes } from '../auth/credentials.js';
import { CommandService } from '../commands/command-service.js';
import { DecisionWaiters } from '../commands/decision-waiters.js';
import { Drain } from '../drain.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { requireLoopbackName, requireOwnOrigin } from '../http/own-origin.js';
import { toExpactiError } from '../http/to-expacti-error.js';
import { RequestLimits } from '../limits/request-limits.js';
import { AgentConnection } from './agent-connection.js';
import { Greeter } from './greeter.js';

export const AGENT_SOCKET_PATH = '/ws/agent';
/** socket.io takes its own upgrades. */
const REVIEWER_SOCKET_PATH = '/socket.io/';
const HELLO_WITHIN_MS = 10_000;
const PING_EVERY_MS = 30_000;
/** How long an agent may take to let go of a socket when the server stops. */
const GOODBYE_WITHIN_MS = 2_000;
/** Sockets that have not said hello yet; more are refused, so that strangers cannot fill the process. */
const MAX_STRANGERS = 1_000;

/**
 * `GET /ws/agent`. It stands beside Nest's gateways instead of being one: the hot path is a whitelisted command, and a
 * pipeline per message would cost more than the decision itself.
 */
@Injectable()
export class AgentSocketServer {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  readonly #connections = new Map<WebSocket, AgentConnection>();
  #strangers = 0;
  #stopPinging: (() => void) | undefined;

  constructor(
    @Inject(Greeter) private readonly greeter: Greeter,
    @Inject(CommandService) private readonly commands: CommandService,
    @Inject(DecisionWaiters) private readonly waiters: DecisionWaiters,
    @Inject(RequestLimits) private readonly limits: RequestLimits,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(Drain) private readonly drain: Drain,
  ) {}

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const path = (request.url ?? '/').split('?')[0];
      if (path?.startsWith(REVIEWER_SOCKET_PATH)) return;
      if (path !== AGENT_SOCKET_PATH) return refuseUpgrade(socket, 404);
      try {
        requireLoopbackName(request, this.options);
        requireOwnOrigin(request, this.options);
      } catch (error) {
        refuseUpgrade(socket, toExpactiError(error).status);
        return;
      }
      if (this.drain.isDraining || this.#strangers >= MAX_STRANGERS) return refuseUpgrade(socket, 503);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, request));
    });
    this.#keepPinging();
  }

  /** Ends what the change revokes. Called before the change is acknowledged. */
  identityChanged(change: HintPayload<'identity.changed'>): void {
    for (const connection of this.#connections.values())
      if (connection.agent && revokes(change, connection.agent)) connection.revoke();
  }

  /** Tells every agent to come back elsewhere or later. */
  close(): void {
    this.#stopPinging?.();
    for (const connection of this.#connections.values()) connection.close(CLOSE_CODES.going_away, 'the server stops');
    this.clock.schedule(GOODBYE_WITHIN_MS, () => {
      for (const socket of this.#connections.keys()) socket.terminate();
    });
    this.#sockets.close();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    this.#strangers += 1;
    let isStranger = true;
    const identified = () => {
      if (!isStranger) return;
      isStranger = false;
      this.#strangers -= 1;
      cancelTimer();
    };
    const cancelTimer = this.clock.schedule(HELLO_WITHIN_MS, () =>
      connection.close(CLOSE_CODES.hello_timeout, 'no hello'),
    );
    const { greeter, commands, waiters, limits, clock, logger, drain, options } = this;
    const services = { greeter, commands, waiters, limits, clock, logger, drain, publicUrl: options.publicUrl };
    const token = /^Bearer (\S{1,8192})$/i.exec(request.headers.authorization ?? '')?.[1];
    const connection = new AgentConnection(socket, services, token, (known) => {
      identified();
      this.#closeSurplus(known);
    });
    this.#connections.set(socket, connection);
    socket.on('message', (data, isBinary) => {
      if (isBinary) connection.close(1003, 'text frames only');
      else void connection.receive(data.toString());
    });
    // `ws` itself refuses oversized frames (1009) and invalid UTF-8 (1007); the error is the client's.
    socket.on('error', (error) => this.logger.debug({ err: error }, 'agent socket error'));
    socket.on('close', () => {
      identified();
      this.#connections.delete(socket);
      connection.ended();
    });
  }

  /** An agent that forgets to close its sockets loses the oldest. */
  #closeSurplus(newest: AgentConnection): void {
    const own = [...this.#connections.values()].filter((other) => other.agent?.id === newest.agent?.id);
    for (const surplus of own.slice(0, Math.max(0, own.length - this.options.limits.socketsPerAgent)))
      surplus.close(CLOSE_CODES.going_away, 'too many sockets of this agent');
  }

  /** A peer that vanished without a word is noticed within two rounds. */
  #keepPinging(): void {
    const silent = new WeakSet<WebSocket>();
    const round = () => {
      for (const socket of this.#connections.keys()) {
        if (silent.has(socket)) socket.terminate();
        else {
          silent.add(socket);
          socket.once('pong', () => silent.delete(socket));
          socket.ping();
        }
      }
      this.#stopPinging = this.clock.schedule(PING_EVERY_MS, round);
    };
    this.#stopPinging = this.clock.schedule(PING_EVERY_MS, round);
  }
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
