import { WebSocket } from 'ws';
import type { Frame } from '../support/agent.js';
import { ANSWER_WITHIN_MS } from './attempt.js';

/** The socket is gone, and with it the answer. */
export class LinkLost extends Error {}

interface Awaited {
  fits(frame: Frame): boolean;
  resolve(frame: Frame): void;
  reject(error: LinkLost): void;
}

/** One agent socket. It is given up when the server is silent for longer than anybody would wait. */
export class AgentLink {
  readonly #awaited = new Set<Awaited>();
  #sessionId = '';
  #isLost = false;

  private constructor(
    private readonly socket: WebSocket,
    private readonly onFrame: (frame: Frame) => void,
  ) {
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Frame));
    socket.on('close', () => this.#lose());
    socket.on('error', () => this.#lose());
  }

  /**
   * Connects and says hello. Throws LinkLost where nobody answers or the answer is that something is down.
   * @param sessionId to go on with; the server has to know it
   */
  static async open(
    url: string,
    token: string,
    sessionId: string | null,
    onFrame: (frame: Frame) => void,
  ): Promise<AgentLink> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/agent`, { handshakeTimeout: ANSWER_WITHIN_MS });
    const link = new AgentLink(socket, onFrame);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (error) => reject(new LinkLost(String(error))));
    });
    const hello = { type: 'hello', protocol: 1, token, client: { name: 'load', version: '1' } };
    const answer = await link.ask({ ...hello, ...(sessionId === null ? {} : { session_id: sessionId }) }, ({ type }) =>
      ['welcome', 'error'].includes(type),
    );
    if (answer.type === 'error') {
      link.close();
      if (answer.retryable) throw new LinkLost(answer.code);
      throw new Error(`hello was refused: ${answer.code} ${answer.message}`);
    }
    link.#sessionId = answer.session_id;
    return link;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Sends, and resolves with the first frame that answers. Throws LinkLost when none comes; the socket is closed then. */
  async ask(frame: Frame, isAnswer: (frame: Frame) => boolean): Promise<Frame> {
    const answer = this.next(isAnswer, ANSWER_WITHIN_MS);
    if (!this.#isLost) this.socket.send(JSON.stringify(frame));
    const answered = await answer;
    if (answered) return answered;
    this.close();
    throw new LinkLost(`no answer to ${frame.type}`);
  }

  /** The next frame that fits; null when there is none within that time. Throws LinkLost when the socket closes. */
  next(fits: (frame: Frame) => boolean, withinMs: number): Promise<Frame | null> {
    if (this.#isLost) return Promise.reject(new LinkLost('closed'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => resolve(null)), withinMs);
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#awaited.delete(awaited);
        how();
      };
      const awaited: Awaited = {
        fits,
        resolve: (frame) => settle(() => resolve(frame)),
        reject: (error) => settle(() => reject(error)),
      };
      this.#awaited.add(awaited);
    });
  }

  /** Now, and without a farewell that a stopped server would not answer. */
  close(): void {
    this.socket.terminate();
    this.#lose();
  }

  #take(frame: Frame): void {
    this.onFrame(frame);
    for (const awaited of [...this.#awaited]) if (awaited.fits(frame)) awaited.resolve(frame);
  }

  #lose(): void {
    this.#isLost = true;
    for (const awaited of [...this.#awaited]) awaited.reject(new LinkLost('closed'));
  }
}
