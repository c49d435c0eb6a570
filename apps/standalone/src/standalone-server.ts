import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gatewayOptionsOf, prepareGateway, ReceiptKeys, serveGateway } from '@expacti/gateway';
import { bootstrapIdentity, keepSetupToken } from '@expacti/identity';
import { connectTransport, ServiceTransport } from '@expacti/messaging';
import {
  type Clock,
  type Configuration,
  ConfigurationError,
  createLogger,
  type Logger,
  masterKey,
  NestLog,
  rootModule,
  systemClock,
} from '@expacti/platform';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { closeInfrastructure, type Infrastructure, openInfrastructure, SERVICES } from './infrastructure.js';
import { standalonePorts } from './standalone-ports.js';

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
  if (configuration.redis_url !== undefined)
    throw new ConfigurationError(
      'redis_url: this is every service in one process, whose bus and jobs live in its database. ' +
        'Remove redis_url, or start the services as processes of their own (docs/production.md).',
    );
  const clock = parts.clock ?? systemClock;
  const logger = parts.logger ?? createLogger('expacti', configuration.log_level);
  const dataFolder = resolve(configuration.data_dir);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const key = await masterKey(dataFolder, configuration.master_key);
  const infrastructure = await openInfrastructure(configuration, dataFolder, clock, logger);
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
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const ports = standalonePorts({ ...infrastructure, ...parts, metrics, gateway: gatewayOptionsOf(configuration) });
  const app = await NestFactory.create<NestExpressApplication>(rootModule(ports, SERVICES), {
    bodyParser: false,
    logger: new NestLog(parts.logger),
    abortOnError: false,
  });
  prepareGateway(app, configuration);
  connectTransport(app, new ServiceTransport(infrastructure));
  // Answers to questions first, then whoever asks them (the gateway, at its bootstrap), then the port.
  await app.startAllMicroservices();
  const outcome = await bootstrapIdentity(app, { eval: configuration.eval });
  const served = await serveGateway(app, configuration);
  const setupUrl = await keepSetupToken(dataFolder, configuration.public_url ?? served.url, outcome);
  const close = async () => {
    await served.close();
    await closeInfrastructure(infrastructure);
  };
  return { url: served.url, setupUrl, close };
}
