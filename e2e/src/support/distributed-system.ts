import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  freePort,
  type PostgresServer,
  type RedisServer,
  startPostgres,
  startRedis,
  temporaryFolder,
} from '@expacti/testkit';
import pg from 'pg';
import type { RunningServer } from './running-server.js';
import { ServiceProcess } from './service-process.js';
import type { Settings } from './settings.js';

const APPS = fileURLToPath(new URL('../../../apps/', import.meta.url));

export const WORKERS = ['identity', 'policy', 'approvals', 'audit', 'recording'] as const;
export type ServiceName = (typeof WORKERS)[number] | 'gateway';

export interface DistributedOptions {
  readonly settings?: Settings;
  /** How many processes of a service. Default: one of each worker, two gateways. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  /** Run before a process starts: how its command and environment are changed (a clock that lies, say). */
  readonly wrap?: (process: ServiceProcess) => void;
}

/** The services as processes of their own, over a Redis and a PostgreSQL of their own that keep what they acknowledge. */
export class DistributedSystem implements RunningServer {
  private constructor(
    readonly redis: RedisServer,
    readonly postgres: PostgresServer,
    readonly databaseUrl: string,
    readonly processes: readonly ServiceProcess[],
    private readonly folder: { path: string; remove(): void },
  ) {}

  static async start(options: DistributedOptions = {}): Promise<DistributedSystem> {
    const [redis, postgres] = await Promise.all([
      startRedis(),
      startPostgres({ durable: true, settings: { max_connections: '300' } }),
    ]);
    const folder = temporaryFolder('expacti-e2e');
    try {
      const databaseUrl = await postgres.createDatabase();
      const shared = {
        EXPACTI_REDIS_URL: redis.url,
        EXPACTI_DATABASE_URL: databaseUrl,
        EXPACTI_DATABASE_POOL: '6',
        EXPACTI_DATA_DIR: folder.path,
        EXPACTI_MASTER_KEY: randomBytes(32).toString('base64url'),
        EXPACTI_TRUST_PROXY: 'loopback',
      };
      const processes = await Promise.all(
        [...WORKERS, 'gateway' as const].flatMap((service) =>
          Array.from({ length: options.replicas?.[service] ?? (service === 'gateway' ? 2 : 1) }, async (_, index) => {
            const main = `${APPS}${service}/dist/main.js`;
            const process = new ServiceProcess({
              service,
              index,
              main,
              port: await freePort(),
              shared,
              settings: options.settings ?? {},
            });
            options.wrap?.(process);
            return process;
          }),
        ),
      );
      const system = new DistributedSystem(redis, postgres, databaseUrl, processes, folder);
      try {
        await system.launch();
      } catch (error) {
        await system.kill();
        throw error;
      }
      return system;
    } catch (error) {
      await Promise.all([redis.stop(), postgres.stop()]);
      folder.remove();
      throw error;
    }
  }

  /** The first gateway. */
  get url(): string {
    return this.urls[0] ?? '';
  }

  /** Each gateway. */
  get urls(): string[] {
    return this.processesOf('gateway').map(({ url }) => url);
  }

  get dataFolder(): string {
    return this.folder.path;
  }

  get output(): string {
    return this.processes.map((process) => process.output).join('\n');
  }

  processesOf(service: ServiceName): ServiceProcess[] {
    return this.processes.filter((process) => process.service === service);
  }

  async launch(more: Settings = {}): Promise<void> {
    await Promise.all(this.processes.map((process) => process.launch(more)));
  }

  async kill(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
  }

  async stop(): Promise<number | null> {
    // From the people inwards, as an operator's tool does it.
    const gateways = await Promise.all(this.processesOf('gateway').map((process) => process.stop()));
    const workers = this.processes.filter(({ service }) => service !== 'gateway');
    const codes = [...gateways, ...(await Promise.all(workers.map((process) => process.stop())))];
    return codes.find((code) => code !== 0) ?? 0;
  }

  async sql(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await this.stop();
    await Promise.all([this.redis.stop(), this.postgres.stop()]);
    this.folder.remove();
  }
}
