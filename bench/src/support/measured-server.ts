import { fileURLToPath } from 'node:url';
import { Child, freePort, temporaryFolder, untilReady } from '@expacti/testkit';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.resolve('@expacti/standalone')));

export const SHELL_TOKEN = 'demo-shell-token';
export const REVIEWER_TOKEN = 'demo-reviewer-token';

/** No limit may be what is measured. */
export const UNLIMITED = {
  EXPACTI_LIMITS__SUBMISSIONS_PER_SECOND: '1000000',
  EXPACTI_LIMITS__SUBMISSION_BURST: '1000000',
  EXPACTI_LIMITS__REQUESTS_PER_SECOND: '100000',
  EXPACTI_LIMITS__PUBLIC_REQUESTS_PER_SECOND: '100000',
  EXPACTI_LIMITS__SOCKETS_PER_AGENT: '100000',
};

/** The built server as a user runs it: a process of its own, evaluation mode, fresh data, a free port. */
export class MeasuredServer {
  readonly url: string;
  #child: Child | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: { path: string; remove(): void },
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<MeasuredServer> {
    const server = new MeasuredServer(await freePort(), temporaryFolder('expacti-bench'));
    await server.launch();
    return server;
  }

  /** Starts the process on the data that are there; returns how many milliseconds it took until it was ready. */
  async launch(): Promise<number> {
    const began = performance.now();
    // `BENCH_NODE_FLAGS=--cpu-prof` shows where the time goes.
    const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
    this.#child = new Child(process.execPath, [...flags, MAIN], {
      env: {
        ...UNLIMITED,
        EXPACTI_EVAL: 'true',
        EXPACTI_LOG_LEVEL: 'warn',
        EXPACTI_PORT: String(this.port),
        EXPACTI_DATA_DIR: this.folder.path,
        NODE_OPTIONS: '',
      },
    });
    await untilReady(this.#child, `${this.url}/readyz`);
    return performance.now() - began;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The file in which it keeps everything. */
  get databaseFile(): string {
    return `${this.folder.path}/expacti.db`;
  }

  /** Ends the process; the data stay. */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  async remove(): Promise<void> {
    await this.stop();
    this.folder.remove();
  }

  get #process(): Child {
    if (!this.#child) throw new Error('the server was not launched');
    return this.#child;
  }
}
