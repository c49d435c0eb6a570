import type { Server as HttpServer } from 'node:http';
import type { HintPayload, REVIEWER_EVENTS, ReviewerEventName, UserPrincipal } from '@expacti/contracts';
import { CLOCK, type Clock, LOGGER, type Logger } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import { Credentials } from '../auth/credentials.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { requireLoopbackName, requireOwnOrigin } from '../http/own-origin.js';
import { requireAccess } from '../http/route-guard.js';

const roomOf = (org: string): string => `org:${org}`;

interface ReviewerSocketData {
  principal: UserPrincipal;
  credential: string;
}

/** The dashboard's live stream: socket.io namespace `/reviewer`, one room per org. It only says what changed. */
@Injectable()
export class ReviewerSocketServer {
  #server: Server | undefined;

  constructor(
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
  ) {}

  attach(server: HttpServer): void {
    this.#server = new Server(server, {
      serveClient: false,
      // The agent socket shares the port: leave its upgrades alone.
      destroyUpgrade: false,
      maxHttpBufferSize: 65_536,
      allowRequest: (request, callback) => {
        try {
          requireLoopbackName(request, this.options);
          requireOwnOrigin(request, this.options);
          callback(null, true);
        } catch {
          callback('origin refused', false);
        }
      },
    });
    const namespace = this.#server.of('/reviewer');
    namespace.use((socket, next) => {
      this.#admit(socket).then(
        () => next(),
        () => next(new Error('UNAUTHENTICATED')),
      );
    });
    namespace.on('connection', (socket) => this.#welcome(socket));
  }

  publish<N extends ReviewerEventName>(org: string, name: N, payload: z.infer<(typeof REVIEWER_EVENTS)[N]>): void {
    this.#server?.of('/reviewer').to(roomOf(org)).emit(name, payload);
  }

  /** Sockets of people whose standing changed come back with what they are now, or not at all. */
  identityChanged({ org, revoked }: HintPayload<'identity.changed'>): void {
    for (const socket of this.#server?.of('/reviewer').sockets.values() ?? []) {
      const { principal } = socket.data as ReviewerSocketData;
      const isRevoked =
        revoked.user_ids.includes(principal.id) ||
        (principal.sign_in_id !== null && revoked.sign_in_ids.includes(principal.sign_in_id));
      if (principal.org === org && isRevoked) socket.disconnect(true);
    }
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  get connectionCount(): number {
    return this.#server?.of('/reviewer').sockets.size ?? 0;
  }

  async #admit(socket: Socket): Promise<void> {
    const { token } = socket.handshake.auth as { token?: unknown };
    if (typeof token !== 'string' || token.length > 8_192) throw new Error('no token');
    const { principal } = await this.credentials.authenticate(token);
    requireAccess(principal, ['approvals:read']);
    socket.data = { principal, credential: token } as ReviewerSocketData;
  }

  #welcome(socket: Socket): void {
    const { principal, credential } = socket.data as ReviewerSocketData;
    void socket.join(roomOf(principal.org));
    void this.#disconnectAtExpiry(socket, credential);
    socket.on('error', (error) => this.logger.debug({ err: error }, 'reviewer socket error'));
  }

  /** A socket never outlives the token that opened it; the dashboard reconnects with a fresh one. */
  async #disconnectAtExpiry(socket: Socket, credential: string): Promise<void> {
    try {
      const { expiresAt } = await this.credentials.authenticate(credential);
      if (expiresAt === null) return;
      const cancel = this.clock.schedule(expiresAt - this.clock.now(), () => socket.disconnect(true));
      socket.once('disconnect', cancel);
    } catch {
      socket.disconnect(true);
    }
  }
}
