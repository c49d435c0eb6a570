import { WebSocket } from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: black-box tests look into whatever came
export type Frame = Record<string, any>;

/** An agent on the bare WebSocket: sends frames, keeps every frame that comes. */
export class Agent {
  readonly frames: Frame[] = [];
  closeCode: number | undefined;
  welcome: Frame = {};
  readonly #watchers = new Set<() => void>();
  #counter = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.#wake();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
    socket.on('error', () => undefined);
  }

  /** Opens a socket and says hello; resolves with the answer in `welcome`, an error frame included. */
  static async connect(url: string, token: string, hello: Frame = {}): Promise<Agent> {
    const agent = await Agent.open(url);
    agent.send({ type: 'hello', protocol: 1, token, client: { name: 'e2e', version: '1' }, ...hello });
    agent.welcome = await agent.next((frame) => frame.type === 'welcome' || frame.type === 'error');
    return agent;
  }

  /** Opens a socket and says nothing. */
  static async open(url: string): Promise<Agent> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/agent`);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Agent(socket);
  }

  send(frame: Frame | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first frame, of those that came and those to come, that fits. */
  next(fits: (frame: Frame) => boolean, withinMs = 15_000): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no such frame; the last was ${JSON.stringify(this.frames.at(-1))}`))),
        withinMs,
      );
      const look = () => {
        const found = this.frames.find(fits);
        if (found) finish(() => resolve(found));
        else if (this.closeCode !== undefined) finish(() => reject(new Error(`closed with ${this.closeCode}`)));
      };
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        settle();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Submits and returns the ref. */
  submit(command: string, more: Frame = {}): string {
    this.#counter += 1;
    const ref = `r${this.#counter}`;
    this.send({ type: 'command.submit', ref, command, ...more });
    return ref;
  }

  /** The first answer: pending, decided or an error. */
  answer(ref: string): Promise<Frame> {
    return this.next(
      (frame) => frame.ref === ref && ['command.pending', 'command.decided', 'error'].includes(frame.type as string),
    );
  }

  decided(ref: string): Promise<Frame> {
    return this.next((frame) => frame.ref === ref && (frame.type === 'command.decided' || frame.type === 'error'));
  }

  /** Resolves with the close code. */
  async closed(): Promise<number> {
    await this.next(() => false).catch(() => undefined);
    return this.closeCode ?? 0;
  }

  close(): void {
    this.socket.close();
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
