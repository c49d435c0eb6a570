import type { BlobStore } from '@expacti/blobs';
import { connectTransport, ServiceTransport } from '@expacti/messaging';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Configuration } from '../config/configuration.js';
import { ConfigurationError } from '../config/load-config.js';
import { readConfiguration } from '../config/read-configuration.js';
import type { ReadinessCheck } from '../health/readiness.js';
import { createLogger, type Logger } from '../logger.js';
import { readMasterKey } from '../master-key.js';
import { NestLog } from '../nest-log.js';
import { rootModule } from '../root-module.js';
import { createRpcClient } from '../rpc-client.js';
import type { ServiceDefinition } from '../service-definition.js';
import { type Clock, systemClock } from '../time.js';
import {
  BLOBS,
  BUS,
  CLOCK,
  DATABASE,
  LEASE_STORE,
  LOGGER,
  MASTER_KEY,
  METRICS,
  RPC_CLIENT,
  SCHEDULER,
} from '../tokens.js';
import { startHealthServer } from './health-server.js';
import { openProcessInfrastructure, type ProcessInfrastructure } from './process-infrastructure.js';

/** A process that has not come to its end by then is ended: whoever supervises it waits no longer, either. */
const STOP_WITHIN_MS = 20_000;

/** What the process holds, for what a service adds to it. */
export interface ProcessParts {
  readonly configuration: Configuration;
  readonly infrastructure: ProcessInfrastructure;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly masterKey: Buffer;
  readonly metrics: Registry;
  /** What must answer before the process is ready: its database, its Redis, and that it is not being stopped. */
  readonly checks: readonly ReadinessCheck[];
}

/** Where a process is reached over HTTP, and how that ends (it closes the application, too). */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Where one service differs from the others. */
export interface ProcessHooks {
  /** Adapters behind ports that only this service has. */
  ports?(parts: ProcessParts): Promise<ReadonlyMap<symbol, unknown>>;
  /** Once it answers and consumes, before it says that it is ready. */
  started?(app: NestExpressApplication, parts: ProcessParts): Promise<void>;
  /**
   * Serves people and agents over HTTP; the others have a health port only. What a rule decides needs no database, so
   * that its absence is reported but takes nobody out of service.
   */
  serve?(app: NestExpressApplication, parts: ProcessParts): Promise<Served>;
}

/**
 * Runs one service as a process of its own until SIGTERM or SIGINT, then lets it come to its end: it takes nothing more,
 * finishes and acknowledges what it has, and closes. A start that fails ends the process with the reason.
 */
export function runService(service: ServiceDefinition, hooks: ProcessHooks = {}): void {
  // From the beginning: who is told to stop while it starts comes to an orderly end, too.
  const told = new Promise<void>((tell) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => tell());
  });
  // Also where the start itself hangs: nobody would be there to hear it.
  void told.then(() => endInTime());
  live(service, hooks, told).then(
    () => process.exit(0),
    (error: unknown) => {
      const text = error instanceof ConfigurationError || !(error instanceof Error) ? String(error) : error.stack;
      process.stderr.write(`expacti ${service.name} cannot go on: ${text}\n`);
      process.exit(1);
    },
  );
}

/** From now on the process ends by itself, or is ended. */
function endInTime(logger?: Logger): void {
  setTimeout(() => {
    logger?.error('did not come to its end in time');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
}

async function live(service: ServiceDefinition, hooks: ProcessHooks, told: Promise<void>): Promise<void> {
  const configuration = readConfiguration();
  const logger = createLogger(service.name, configuration.log_level);
  const clock = systemClock;
  const key = sharedMasterKey(configuration);
  const infrastructure = await openProcessInfrastructure(service, configuration, { clock, logger, masterKey: key });
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  let isStopping = false;
  const checks: ReadinessCheck[] = [
    {
      name: 'process',
      check: async () => {
        if (isStopping) throw new Error('draining: it is being stopped');
      },
    },
    // Who serves people decides by rule without it, and says so where a person has to decide.
    { name: 'database', check: () => infrastructure.database.ping(), isCritical: hooks.serve === undefined },
    { name: 'redis', check: async () => void (await infrastructure.redis.ping()) },
    ...(infrastructure.blobs ? [blobsCheck(infrastructure.blobs)] : []),
  ];
  const parts: ProcessParts = { configuration, infrastructure, clock, logger, masterKey: key, metrics, checks };
  try {
    const { served } = await start(service, hooks, parts);
    logger.info({ url: served.url }, 'started');
    await told;
    isStopping = true;
    logger.info('draining');
    await served.close();
  } finally {
    endInTime(logger);
    await infrastructure.close();
  }
  logger.info('stopped');
}

/** Made here it would be this process's alone, and what it seals nobody else could open. */
function sharedMasterKey({ master_key: configured }: Configuration): Buffer {
  if (configured === undefined)
    throw new ConfigurationError(
      'master_key: processes that share a database need the same one. Make it once ' +
        '(openssl rand -base64 32 | tr +/ -_ | tr -d =) and give it to all of them as EXPACTI_MASTER_KEY.',
    );
  return readMasterKey(configured);
}

async function start(
  service: ServiceDefinition,
  hooks: ProcessHooks,
  parts: ProcessParts,
): Promise<{ served: Served }> {
  const { infrastructure } = parts;
  const ports = new Map([...portsOf(parts), ...((await hooks.ports?.(parts)) ?? [])]);
  const app = await NestFactory.create<NestExpressApplication>(rootModule(ports, [service]), {
    bodyParser: false,
    logger: new NestLog(parts.logger),
    abortOnError: false,
  });
  connectTransport(app, new ServiceTransport({ bus: infrastructure.bus, rpc: infrastructure.rpc }));
  // Answers to questions first, then whoever asks them, then the port.
  await app.startAllMicroservices();
  await hooks.started?.(app, parts);
  return { served: await (hooks.serve ?? serveHealth(service))(app, parts) };
}

const serveHealth =
  ({ name }: ServiceDefinition) =>
  async (app: NestExpressApplication, parts: ProcessParts): Promise<Served> => {
    await app.init();
    const { host, port, metrics_token } = parts.configuration;
    const health = await startHealthServer({
      host,
      port,
      service: name,
      checks: parts.checks,
      metrics: parts.metrics,
      metricsToken: metrics_token ?? null,
    });
    const close = async () => {
      await app.close();
      await health.close();
    };
    return { url: health.url, close };
  };

const portsOf = ({ infrastructure, clock, logger, masterKey: key, metrics }: ProcessParts) =>
  new Map<symbol, unknown>([
    [DATABASE, infrastructure.database],
    [BUS, infrastructure.bus],
    [RPC_CLIENT, createRpcClient(infrastructure.rpc)],
    [SCHEDULER, infrastructure.scheduler],
    [LEASE_STORE, infrastructure.leases],
    [BLOBS, infrastructure.blobs],
    [CLOCK, clock],
    [LOGGER, logger],
    [METRICS, metrics],
    [MASTER_KEY, key],
  ]);

const blobsCheck = (blobs: BlobStore): ReadinessCheck => ({ name: 'blobs', check: () => blobs.check() });
