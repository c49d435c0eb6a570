import type { Server as HttpServer } from 'node:http';
import {
  type ChangesSince,
  type HintPayload,
  parseOrRefuse,
  type REVIEWER_EVENTS,
  REVIEWER_REQUESTS,
  type ReviewerEventName,
  type UserPrincipal,
} from '@expacti/contracts';
import { CLOCK, type Clock, LOGGER, type Logger } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import { Credentials } from '../auth/credentials.js';
import { Drain } from '../drain.js';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gateway-options.js';
import { requireLoopbackName, requireOwnOrigin } from '../http/own-origin.js';
import { requireAccess } from '../http/route-guard.js';
import { RequestLimits } from '../limits/request-limits.js';
import { MissedChanges } from './missed-changes.js';
import { REVIEWER_ADAPTER, type ReviewerAdapter } from './reviewer-adapter.js';

const roomOf = (org: string): string => `org:${org}`;

/** Whose socket it is. */
interface Admission {
  principal: UserPrincipal;
  credential: string;
}

/** The dashboard's live stream: socket.io namespace `/reviewer`, one room per org. It only says what changed. */
@Injectable()
export class ReviewerSocketServer {
  #server: Server | undefined;
  /** Not in `socket.data`: an adapter between gateways may tell that to whoever asks for sockets. */
  readonly #admissions = new WeakMap<Socket, Admission>();

  constructor(
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(MissedChanges) private readonly missed: MissedChanges,
    @Inject(RequestLimits) private readonly limits: RequestLimits,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    @Inject(REVIEWER_ADAPTER) private readonly adapter: ReviewerAdapter,
    @Inject(Drain) private readonly drain: Drain,
  ) {}

  attach(server: HttpServer): void {
    this.#server = new Server(server, {
      serveClient: false,
      ...(this.adapter.adapter && { adapter: this.adapter.adapter }),
      // The agent socket shares the port: leave its upgrades alone.
      destroyUpgrade: false,
      maxHttpBufferSize: 65_536,
      allowRequest: (request, callback) => {
        // The page tries again until it reaches a server that stays.
        if (this.drain.isDraining) return callback('the server is being stopped', false);
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

  /** Resolves when the event is certain to reach the org's sockets on every gateway. */
  async publish<N extends ReviewerEventName>(
    org: string,
    name: N,
    payload: z.infer<(typeof REVIEWER_EVENTS)[N]>,
  ): Promise<void> {
    this.#server?.of('/reviewer').to(roomOf(org)).emit(name, payload);
    await this.adapter.flushed();
  }

  /** Sockets of people whose standing changed come back with what they are now, or not at all. */
  identityChanged({ org, revoked }: HintPayload<'identity.changed'>): void {
    for (const socket of this.#server?.of('/reviewer').sockets.values() ?? []) {
      const principal = this.#admissions.get(socket)?.principal;
      if (!principal) continue;
      const isRevoked =
        revoked.user_ids.includes(principal.id) ||
        (principal.sign_in_id !== null && revoked.sign_in_ids.includes(principal.sign_in_id));
      if (principal.org === org && isRevoked) socket.disconnect(true);
    }
  }

  /**
   * Asks once more who everybody is. Called when the identity lease holds again after a lapse: who was revoked meanwhile is
   * cut off without waiting for the news of it.
   */
  async confirmAll(): Promise<void> {
    const sockets = [...(this.#server?.of('/reviewer').sockets.values() ?? [])];
    await Promise.all(
      sockets.map(async (socket) => {
        try {
          await this.#identify(this.#admissions.get(socket)?.credential ?? '');
        } catch {
          socket.disconnect(true);
        }
      }),
    );
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.adapter.close();
  }

  get connectionCount(): number {
    return this.#server?.of('/reviewer').sockets.size ?? 0;
  }

  async #admit(socket: Socket): Promise<void> {
    const { token } = socket.handshake.auth as { token?: unknown };
    if (typeof token !== 'string' || token.length > 8_192) throw new Error('no token');
    const { principal } = await this.#identify(token);
    this.#admissions.set(socket, { principal, credential: token });
    // What came with the handshake is asked for no more, and must not be told to other processes with the socket.
    Object.assign(socket.handshake, { auth: {}, headers: {} });
  }

  async #identify(credential: string): Promise<{ principal: UserPrincipal; expiresAt: number | null }> {
    const { principal, expiresAt } = await this.credentials.authenticate(credential);
    requireAccess(principal, ['approvals:read']);
    if (principal.kind !== 'user') throw new Error('only people review');
    return { principal, expiresAt };
  }

  #welcome(socket: Socket): void {
    socket.on('error', (error) => this.logger.debug({ err: error }, 'reviewer socket error'));
    const entered = this.#enter(socket);
    entered.catch(() => socket.disconnect(true));
    // Heard from the first moment on: a client may ask before it has entered.
    socket.on('changes_since', (request: unknown, acknowledge: unknown) => {
      if (typeof acknowledge === 'function') void this.#answer(entered, request).then((reply) => acknowledge(reply));
    });
  }

  /** Asks once more who it is: what was revoked between the handshake and now has found no socket to close. */
  async #enter(socket: Socket): Promise<UserPrincipal> {
    const credential = this.#admissions.get(socket)?.credential ?? '';
    const { principal, expiresAt } = await this.#identify(credential);
    if (!socket.connected) throw new Error('gone already');
    this.#admissions.set(socket, { principal, credential });
    // A socket never outlives the token that opened it; the dashboard reconnects with a fresh one.
    if (expiresAt !== null) {
      const cancel = this.clock.schedule(expiresAt - this.clock.now(), () => socket.disconnect(true));
      socket.once('disconnect', cancel);
    }
    await socket.join(roomOf(principal.org));
    socket.emit('ready', { cursor: this.missed.cursor() });
    return principal;
  }

  async #answer(entered: Promise<UserPrincipal>, request: unknown): Promise<ChangesSince> {
    try {
      const principal = await entered;
      await this.limits.takeUser(principal.id);
      return await this.missed.since(principal, parseOrRefuse(REVIEWER_REQUESTS.changes_since, request).cursor);
    } catch (error) {
      this.logger.debug({ err: error }, 'missed changes not told');
      return this.missed.reset();
    }
  }
}
