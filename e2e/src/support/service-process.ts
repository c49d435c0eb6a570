import { Child, untilReady } from '@expacti/testkit';
import { environmentOf, type Settings } from './settings.js';

const READY_WITHIN_MS = 60_000;

export interface ServiceProcessOptions {
  readonly service: string;
  /** 0 for the first replica. */
  readonly index: number;
  /** The service's built `main.js`. */
  readonly main: string;
  readonly port: number;
  /** What every process of the installation is told. */
  readonly shared: Readonly<Record<string, string>>;
  readonly settings: Settings;
}

/** One process of a distributed installation. It keeps its port when it is started again. */
export class ServiceProcess {
  readonly url: string;
  /** Changes of its environment: what a test wants of this one process. */
  environment: Record<string, string> = {};
  readonly #options: ServiceProcessOptions;
  #child: Child | undefined;
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
    this.url = `http://127.0.0.1:${options.port}`;
  }

  get service(): string {
    return this.#options.service;
  }

  /** `approvals-2` */
  get name(): string {
    return `${this.#options.service}-${this.#options.index + 1}`;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exit === undefined;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined || !this.isRunning) throw new Error(`${this.name} does not run`);
    return pid;
  }

  get output(): string {
    return this.#child?.output ?? '';
  }

  /** Starts it and waits until it is ready. */
  async launch(more: Settings = {}): Promise<void> {
    // Who is being killed or stopped at this moment still looks alive.
    await this.#ending;
    if (this.isRunning) return;
    this.begin(more);
    await this.untilReady();
  }

  /** Starts it without waiting. */
  begin(more: Settings = {}): void {
    const { main, port, shared, settings } = this.#options;
    this.#child = new Child(process.execPath, [main], {
      env: {
        ...environmentOf({ ...settings, ...more }),
        ...shared,
        EXPACTI_PORT: String(port),
        NODE_OPTIONS: '',
        ...this.environment,
      },
    });
  }

  async untilReady(): Promise<void> {
    if (!this.#child) throw new Error(`${this.name} was not started`);
    await untilReady(this.#child, `${this.url}/readyz`, READY_WITHIN_MS);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    if (!this.isRunning || !this.#child) return;
    const killed = this.#child.kill();
    this.#ending = killed;
    await killed;
  }

  /** SIGTERM; 0 where it came to its own end. */
  async stop(): Promise<number | null> {
    if (!this.isRunning) return 0;
    const stopped = this.#child?.stop(25_000);
    this.#ending = Promise.resolve(stopped);
    return (await stopped)?.code ?? null;
  }

  /** SIGSTOP: it stands still and keeps its connections. */
  pause(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }
}
