import { fileURLToPath } from 'node:url';
import { Child, freePort, temporaryFolder, untilReady } from '@expacti/testkit';
import Database from 'better-sqlite3';
import type { RunningServer } from './running-server.js';
import { environmentOf, type Settings } from './settings.js';

const MAIN = fileURLToPath(new URL('../../../apps/standalone/dist/main.js', import.meta.url));

/** Every service in one process, on a free port with a data folder of its own. */
export class StandaloneServer implements RunningServer {
  readonly url: string;
  #child: Child | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: { path: string; remove(): void },
    private readonly settings: Settings,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(settings: Settings): Promise<StandaloneServer> {
    const server = new StandaloneServer(await freePort(), temporaryFolder('expacti-e2e'), settings);
    await server.launch();
    return server;
  }

  async launch(more: Settings = {}): Promise<void> {
    this.#child = new Child(process.execPath, [MAIN], {
      env: {
        ...environmentOf({ ...this.settings, ...more }),
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

  get output(): string {
    return this.#process.output;
  }

  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async stop(): Promise<number | null> {
    return (await this.#process.stop()).code;
  }

  async sql(statement: string): Promise<void> {
    const file = new Database(`${this.dataFolder}/expacti.db`);
    file.prepare(statement).run();
    file.close();
  }

  async remove(): Promise<void> {
    await this.#process.stop();
    this.folder.remove();
  }

  get #process(): Child {
    if (!this.#child) throw new Error('the server was not launched');
    return this.#child;
  }
}
