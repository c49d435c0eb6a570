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

/** An agent on the bare WebSocket, as light as can be: its own work is part of each figure, and of each floor. */
export class AgentSocket {
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #watching = new Map<string, (answer: Answer) => void>();
  #refs = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as Answer));
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
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(ref, resolve));
    this.socket.send(JSON.stringify({ type: 'command.submit', ref, command, ...more }));
    return answered;
  }

  /** The next frame about this command (or, for '', about none) that fits. */
  watch(commandId: string, fits: Fits): Promise<Answer> {
    return new Promise((resolve) => {
      this.#watching.set(commandId, (answer) => {
        if (!fits(answer)) return;
        this.#watching.delete(commandId);
        resolve(answer);
      });
    });
  }

  close(): void {
    this.socket.close();
  }

  #hear(answer: Answer): void {
    const waiting = answer.ref === undefined ? undefined : this.#waiting.get(answer.ref);
    if (waiting && answer.ref !== undefined) {
      this.#waiting.delete(answer.ref);
      waiting(answer);
      return;
    }
    this.#watching.get(answer.command_id ?? '')?.(answer);
  }
}
