import { fileURLToPath } from 'node:url';
import { Child, freePort, temporaryFolder, untilReady } from '@expacti/testkit';

const MAIN = fileURLToPath(new URL('../../../apps/standalone/dist/main.js', import.meta.url));

/** The built server in a process of its own, on a free port with a data folder of its own. */
export class RunningServer {
  readonly url: string;
  #child: Child | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: { path: string; remove(): void },
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @param settings further `EXPACTI_…` variables, without the prefix in lower case: `{ limits__requests_per_second: '9' }` */
  static async start(settings: Readonly<Record<string, string>> = { eval: 'true' }): Promise<RunningServer> {
    const server = new RunningServer(await freePort(), temporaryFolder('expacti-e2e'), settings);
    await server.launch();
    return server;
  }

  /**
   * Starts the process (again) on the same data, and waits until it is ready.
   * @param more settings of this one run
   */
  async launch(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const environment = Object.entries({ ...this.settings, ...more }).map(([name, value]) => [
      `EXPACTI_${name.toUpperCase()}`,
      value,
    ]);
    this.#child = new Child(process.execPath, [MAIN], {
      env: {
        ...Object.fromEntries(environment),
        EXPACTI_PORT: String(this.port),
        EXPACTI_DATA_DIR: this.folder.path,
        NODE_OPTIONS: '',
      },
    });
    await untilReady(this.#child, `${this.url}/readyz`);
  }

  get dataFolder(): string {
    return this.folder.path;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get output(): string {
    return this.#process.output;
  }

  /** No chance to tidy up. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /** As an operator stops it; the data stay. */
  async stop(): Promise<number | null> {
    return (await this.#process.stop()).code;
  }

  /** Stops it and removes its data. */
  async remove(): Promise<void> {
    await this.#process.stop();
    this.folder.remove();
  }

  get #process(): Child {
    if (!this.#child) throw new Error('the server was not launched');
    return this.#child;
  }
}
