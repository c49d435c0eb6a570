import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endConnections, type GatewayOptions, prepareHttp, ReceiptKeys } from '@expacti/gateway';
import { bootstrapIdentity } from '@expacti/identity';
import { connectTransport, ServiceTransport } from '@expacti/messaging';
import { type Clock, createLogger, type Logger, systemClock } from '@expacti/platform';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Configuration } from './configuration.js';
import { closeInfrastructure, type Infrastructure, openInfrastructure } from './infrastructure.js';
import { masterKey } from './master-key.js';
import { NestLog } from './nest-log.js';
import { rootModule } from './root-module.js';
import { SERVER_VERSION } from './server-version.js';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const DASHBOARD = join(REPOSITORY, 'apps/dashboard/dist');
const DOCS = join(REPOSITORY, 'docs');

export interface RunningServer {
  /** `http://127.0.0.1:3001` */
  url: string;
  /** Where the first owner is made; null when there is one. */
  setupUrl: string | null;
  close(): Promise<void>;
}

/** Starts every service in this process and listens. Resolves when `/readyz` would say yes. */
export async function startServer(
  configuration: Configuration,
  parts: { clock?: Clock; logger?: Logger } = {},
): Promise<RunningServer> {
  const clock = parts.clock ?? systemClock;
  const logger = parts.logger ?? createLogger('expacti', configuration.log_level);
  const dataFolder = resolve(configuration.data_dir);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const databaseUrl = configuration.database_url ?? `sqlite:${join(dataFolder, 'expacti.db')}`;
  const key = await masterKey(dataFolder, configuration.master_key);
  const infrastructure = await openInfrastructure(databaseUrl, clock, logger);
  try {
    const receiptKeys = new ReceiptKeys(infrastructure.database, clock, key);
    await receiptKeys.refresh();
    return await listen(configuration, infrastructure, { clock, logger, masterKey: key, receiptKeys }, dataFolder);
  } catch (error) {
    await closeInfrastructure(infrastructure);
    throw error;
  }
}

type Parts = { clock: Clock; logger: Logger; masterKey: Buffer; receiptKeys: ReceiptKeys };

async function listen(
  configuration: Configuration,
  infrastructure: Infrastructure,
  parts: Parts,
  dataFolder: string,
): Promise<RunningServer> {
  const { host, port } = configuration;
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const gateway = gatewayOptions(configuration);
  const root = rootModule({ ...infrastructure, ...parts, metrics, gateway });
  const app = await NestFactory.create<NestExpressApplication>(root, {
    bodyParser: false,
    logger: new NestLog(parts.logger),
    abortOnError: false,
  });
  if (configuration.trust_proxy) app.set('trust proxy', configuration.trust_proxy);
  prepareHttp(app, gateway);
  connectTransport(app, new ServiceTransport(infrastructure));
  // Answers to questions first, then whoever asks them (the gateway, at its bootstrap), then the port.
  await app.startAllMicroservices();
  const outcome = await bootstrapIdentity(app, { eval: configuration.eval });
  await app.listen(port, host);
  const address = app.getHttpServer().address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  const setupUrl = await keepSetupToken(dataFolder, configuration.public_url ?? url, outcome);
  const close = async () => {
    const ended = endConnections(app.getHttpServer());
    await app.close();
    ended();
    await closeInfrastructure(infrastructure);
  };
  return { url, setupUrl, close };
}

/** The one-time link also lies in a file that only the server's user reads, for whoever has no sight of the output. */
async function keepSetupToken(
  dataFolder: string,
  publicUrl: string,
  outcome: Awaited<ReturnType<typeof bootstrapIdentity>>,
): Promise<string | null> {
  const file = join(dataFolder, 'setup-token');
  if (outcome.type !== 'setup-required') {
    await rm(file, { force: true });
    return null;
  }
  await writeFile(file, `${outcome.setupToken}\n`, { mode: 0o600 });
  return `${publicUrl}/app/setup#token=${encodeURIComponent(outcome.setupToken)}`;
}

function gatewayOptions(configuration: Configuration): GatewayOptions {
  const { limits } = configuration;
  return {
    gatewayId: randomUUID(),
    serverVersion: SERVER_VERSION,
    publicUrl: configuration.public_url ?? `http://${configuration.host}:${configuration.port}`,
    evalMode: configuration.eval,
    evalAllowRemote: configuration.eval_allow_remote,
    dashboardFolder: existsSync(DASHBOARD) ? DASHBOARD : null,
    docsFolder: DOCS,
    receiptSeconds: configuration.receipt_seconds,
    metricsToken: configuration.metrics_token ?? null,
    limits: {
      submissionsPerSecond: limits.submissions_per_second,
      submissionBurst: limits.submission_burst,
      requestsPerSecond: limits.requests_per_second,
      publicRequestsPerSecond: limits.public_requests_per_second,
      socketsPerAgent: limits.sockets_per_agent,
    },
  };
}
