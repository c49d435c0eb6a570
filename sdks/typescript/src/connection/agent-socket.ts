import type { Socket } from 'node:net';
import WebSocket from 'ws';
import { type ExpactiError, ExpactiUnauthorized } from '../errors.js';
import {
  type ClientFrame,
  type ErrorFrame,
  type HelloFrame,
  PROTOCOL_VERSION,
  readServerFrame,
  type ServerFrame,
  type WelcomeFrame,
} from '../wire/frames.js';
import { errorOfFrame } from './frame-error.js';
import { LinkLost } from './link-lost.js';

export interface AgentSocketOptions {
  url: string;
  token: string;
  client: HelloFrame['client'];
  session?: HelloFrame['session'];
  /** A session to continue from the start. */
  sessionId?: string | undefined;
  /** Longest time for connecting and the welcome. */
  connectTimeoutMs: number;
  /** While somebody waits for an answer, the link is checked this often. */
  heartbeatMs: number;
}

export type SocketListener = (event: { type: 'frame'; frame: ServerFrame } | { type: 'lost'; error: LinkLost }) => void;

/** The largest frame read from the server; commands are at most 200 000 characters. */
const MAX_PAYLOAD_BYTES = 4 * 1_048_576;

/**
 * One agent's WebSocket: says hello, keeps the session across reconnects, hands every frame to all listeners. It never
 * reconnects by itself: whoever still waits for something calls `connect` again.
 */
export class AgentSocket {
  private readonly options: AgentSocketOptions;
  private readonly listeners = new Set<SocketListener>();
  private socket: WebSocket | undefined;
  private raw: Socket | undefined;
  private connecting: Promise<WelcomeFrame> | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private alive = false;
  private retained = 0;
  private sessionId: string | undefined;

  constructor(options: AgentSocketOptions) {
    this.options = options;
    this.sessionId = options.sessionId;
  }

  /** The welcome of the connection that is open now. */
  welcome: WelcomeFrame | undefined;

  /** The session that the next connection continues. */
  get session(): string | undefined {
    return this.sessionId;
  }

  /**
   * Connects, or joins the attempt under way, or answers at once when connected.
   * @throws LinkLost when the server cannot be reached; ExpactiUnauthorized and other typed errors when it refuses.
   */
  connect(): Promise<WelcomeFrame> {
    if (this.welcome) return Promise.resolve(this.welcome);
    this.connecting ??= this.open().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  /** @returns Whether the frame was handed to an open connection; that it arrives is not certain. */
  send(frame: ClientFrame): boolean {
    if (!this.welcome || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Listens until the returned function is called; meanwhile the connection keeps the process alive. */
  listen(listener: SocketListener): () => void {
    this.listeners.add(listener);
    this.retain(1);
    return () => {
      if (this.listeners.delete(listener)) this.retain(-1);
    };
  }

  /** Closes for good. A later `connect` opens it again. */
  async close(options: { endSession: boolean }): Promise<void> {
    const { socket } = this;
    if (!socket) return;
    if (options.endSession && this.sessionId) {
      this.send({ type: 'session.end', session_id: this.sessionId });
      this.sessionId = undefined;
    }
    await new Promise<void>((resolve) => {
      // A server that does not close its side is not waited for.
      const timer = setTimeout(() => socket.terminate(), 2_000);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(1000);
    });
  }

  private async open(): Promise<WelcomeFrame> {
    try {
      return await this.openOnce(this.sessionId);
    } catch (error) {
      // The session ended or is not ours any more: begin a new one.
      if (this.sessionId === undefined || (error as ExpactiError).code !== 'NOT_FOUND') throw error;
      this.sessionId = undefined;
      return this.openOnce(undefined);
    }
  }

  private openOnce(sessionId: string | undefined): Promise<WelcomeFrame> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.options.url, { maxPayload: MAX_PAYLOAD_BYTES, perMessageDeflate: false });
      const timer = setTimeout(
        () => fail(new LinkLost('The server did not answer in time.')),
        this.options.connectTimeoutMs,
      );
      const fail = (error: Error): void => {
        clearTimeout(timer);
        socket.terminate();
        reject(error);
      };
      socket.on('upgrade', (response) => {
        this.raw = response.socket;
      });
      socket.on('unexpected-response', (_request, response) => fail(refusalOf(response.statusCode ?? 0)));
      socket.on('error', (error) => fail(new LinkLost(error.message, { cause: error })));
      socket.on('close', (code, reason) => {
        fail(closeError(code, reason.toString('utf8')));
        this.onClosed(socket);
      });
      socket.on('open', () => socket.send(JSON.stringify(this.hello(sessionId))));
      socket.on('message', (data) => {
        this.alive = true;
        const frame = this.read(socket, String(data));
        if (!frame) return;
        if (this.socket === socket) this.tell({ type: 'frame', frame });
        else if (frame.type === 'error') fail(errorOfFrame(frame as ErrorFrame));
        else if (frame.type === 'welcome') {
          clearTimeout(timer);
          this.onWelcome(socket, frame);
          resolve(frame);
        }
      });
    });
  }

  private hello(sessionId: string | undefined): HelloFrame {
    const { token, client, session } = this.options;
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      token,
      client,
      ...(sessionId ? { session_id: sessionId } : session && { session }),
    };
  }

  private read(socket: WebSocket, text: string): ServerFrame | null {
    try {
      return readServerFrame(text);
    } catch {
      socket.close(1002, 'not a frame');
      return null;
    }
  }

  private onWelcome(socket: WebSocket, welcome: WelcomeFrame): void {
    this.socket = socket;
    this.welcome = welcome;
    this.sessionId = welcome.session_id;
    this.retain(0);
    this.heartbeat = setInterval(() => this.beat(), this.options.heartbeatMs);
    this.heartbeat.unref();
  }

  private onClosed(socket: WebSocket): void {
    if (this.socket !== socket) return;
    clearInterval(this.heartbeat);
    this.socket = undefined;
    this.raw = undefined;
    this.welcome = undefined;
    this.tell({ type: 'lost', error: new LinkLost('The connection was lost.') });
  }

  private beat(): void {
    if (this.retained === 0) return;
    if (!this.alive) {
      this.socket?.terminate();
      return;
    }
    this.alive = false;
    this.send({ type: 'ping' });
  }

  private tell(event: Parameters<SocketListener>[0]): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  /** An idle connection must not keep a script from ending; one that somebody waits on must. */
  private retain(change: number): void {
    this.retained += change;
    if (this.retained > 0) this.raw?.ref();
    else this.raw?.unref();
  }
}

function refusalOf(status: number): Error {
  if (status === 401 || status === 403) {
    return new ExpactiUnauthorized(
      `The server refused the connection (${status}).`,
      status === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN',
    );
  }
  return new LinkLost(`The server answered ${status} instead of opening a WebSocket.`);
}

function closeError(code: number, reason: string): Error {
  if (code === 4401) return new ExpactiUnauthorized(reason || 'The token is not accepted.', 'UNAUTHENTICATED');
  if (code === 4403) return new ExpactiUnauthorized(reason || 'This token may not connect here.', 'FORBIDDEN');
  return new LinkLost(`The server closed the connection (${code}${reason ? `, ${reason}` : ''}).`);
}
