import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What of a frame the measuring looks at. */
export interface Answer {
  type: string;
  ref?: string;
  command_id?: string;
  approval_id?: string;
  outcome?: string;
  message?: string;
}

type Fits = (answer: Answer) => boolean;

interface Waiting {
  fits: Fits;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** An agent on the bare WebSocket, as light as can be: its own work is part of each figure, and of each floor. */
export class AgentSocket {
  /** By ref for what was submitted, by command id (or '') for what is watched. */
  readonly #waiting = new Map<string, Waiting>();
  #refs = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as Answer));
    socket.on('close', (code, reason) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the socket was closed: ${code} ${reason}`));
    });
  }

  /** Opens a socket and, given a token, says hello. */
  static async connect(url: string, token?: string): Promise<AgentSocket> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/agent`, { perMessageDeflate: false });
    const agent = new AgentSocket(socket);
    await once(socket, 'open');
    if (token === undefined) return agent;
    const welcome = agent.watch('', () => true);
    socket.send(JSON.stringify({ type: 'hello', protocol: 1, token, client: { name: 'bench', version: '1' } }));
    const { type, message } = await welcome;
    if (type !== 'welcome') throw new Error(`no welcome: ${message}`);
    return agent;
  }

  /** Submits, and resolves with the first frame that answers it. */
  submit(command: string, more: { idempotency_key?: string } = {}): Promise<Answer> {
    this.#refs += 1;
    const ref = `r${this.#refs}`;
    const answered = this.watch(ref, () => true);
    this.socket.send(JSON.stringify({ type: 'command.submit', ref, command, ...more }));
    return answered;
  }

  /** The next frame under this ref or about this command (or, for '', about none) that fits. */
  watch(key: string, fits: Fits): Promise<Answer> {
    return new Promise((resolve, reject) => this.#waiting.set(key, { fits, resolve, reject }));
  }

  close(): void {
    this.socket.close();
  }

  #hear(answer: Answer): void {
    const key = answer.ref !== undefined && this.#waiting.has(answer.ref) ? answer.ref : (answer.command_id ?? '');
    const waiting = this.#waiting.get(key);
    if (!waiting?.fits(answer)) return;
    this.#waiting.delete(key);
    waiting.resolve(answer);
  }
}
