import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Child,
  freePort,
  type PostgresServer,
  type RedisServer,
  startPostgres,
  startRedis,
  temporaryFolder,
  untilReady,
} from '@expacti/testkit';
import { Redis } from 'ioredis';
import { UNLIMITED } from './measured-server.js';

const APPS = fileURLToPath(new URL('../../../apps/', import.meta.url));

export const WORKERS = ['identity', 'policy', 'approvals', 'audit', 'recording'] as const;
export type Service = 'gateway' | (typeof WORKERS)[number];

/** One process of a service. */
export interface ServiceProcess {
  readonly service: Service;
  readonly url: string;
  readonly child: Child;
}

/** The distributed composition as production runs it, on one machine: durable Redis, durable PostgreSQL, one process of each worker. */
export class DistributedSystem {
  private constructor(
    readonly redis: RedisServer,
    readonly postgres: PostgresServer,
    readonly databaseUrl: string,
    /** For looking into Redis, beside the system. */
    readonly admin: Redis,
    private readonly folder: { path: string; remove(): void },
    readonly processes: ServiceProcess[],
  ) {}

  /** Starts everything on fresh data, in evaluation mode, and waits until each process says that it is ready. */
  static async start({ gateways }: { gateways: number }): Promise<DistributedSystem> {
    const folder = temporaryFolder('expacti-bench-distributed');
    const redis = await startRedis();
    const admin = new Redis(redis.url);
    let system: DistributedSystem | undefined;
    try {
      const postgres = await startPostgres({ durable: true, settings: { max_connections: '300' } });
      system = new DistributedSystem(redis, postgres, await postgres.createDatabase(), admin, folder, []);
      const masterKey = randomBytes(32).toString('base64url');
      await system.#launch([...WORKERS, ...Array<Service>(gateways).fill('gateway')], masterKey);
      return system;
    } catch (error) {
      if (system) await system.stop();
      else {
        admin.disconnect();
        await redis.stop();
      }
      throw error;
    }
  }

  of(service: Service): readonly ServiceProcess[] {
    return this.processes.filter((one) => one.service === service);
  }

  pidsOf(service: Service): number[] {
    return this.of(service).map(({ child }) => child.pid ?? 0);
  }

  get gatewayUrls(): string[] {
    return this.of('gateway').map(({ url }) => url);
  }

  /** Ends one gateway in good order; the others go on. */
  async stopLastGateway(): Promise<void> {
    const last = this.of('gateway').at(-1);
    if (!last) return;
    this.processes.splice(this.processes.indexOf(last), 1);
    await last.child.stop();
  }

  /** From the people inwards: nothing new can come from what is already closed. */
  async stop(): Promise<void> {
    await Promise.all(this.of('gateway').map(({ child }) => child.stop()));
    await Promise.all(this.processes.map(({ child }) => child.stop()));
    this.admin.disconnect();
    await this.redis.stop();
    await this.postgres.stop();
    this.folder.remove();
  }

  async #launch(services: readonly Service[], masterKey: string): Promise<void> {
    // `BENCH_NODE_FLAGS=--cpu-prof` shows where each process's time goes.
    const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
    for (const service of services) {
      const port = await freePort();
      const main = join(APPS, service, 'dist/main.js');
      const child = new Child(...diesWithUs([process.execPath, ...flags, main]), {
        env: {
          ...UNLIMITED,
          EXPACTI_EVAL: 'true',
          EXPACTI_LOG_LEVEL: 'warn',
          EXPACTI_DATABASE_URL: this.databaseUrl,
          EXPACTI_REDIS_URL: this.redis.url,
          EXPACTI_MASTER_KEY: masterKey,
          EXPACTI_HOST: '127.0.0.1',
          EXPACTI_PORT: String(port),
          EXPACTI_DATA_DIR: join(this.folder.path, 'data'),
          EXPACTI_BLOBS_URL: `folder:${join(this.folder.path, 'blobs')}`,
          NODE_OPTIONS: '',
        },
      });
      this.processes.push({ service, url: `http://127.0.0.1:${port}`, child });
    }
    await Promise.all(this.processes.map(({ child, url }) => untilReady(child, `${url}/readyz`, 90_000)));
  }
}

/** The kernel ends the process when this one ends, even by SIGKILL, where util-linux is installed. */
function diesWithUs([command = '', ...args]: readonly string[]): [string, string[]] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  return setpriv === undefined ? [command, args] : [setpriv, ['--pdeathsig', 'KILL', command, ...args]];
}
