import type { Principal } from '@expacti/contracts';
import { EmbeddedBus, messagingEntities, messagingMigrations } from '@expacti/messaging';
import {
  BUS,
  CLOCK,
  Configuration,
  DATABASE,
  LOGGER,
  MASTER_KEY,
  METRICS,
  NestLog,
  RPC_CLIENT,
  rootModule,
  systemClock,
  timestamp,
} from '@expacti/platform';
import { type TemporaryDatabase, temporaryDatabase } from '@expacti/testkit';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Registry } from 'prom-client';
import {
  GATEWAY_OPTIONS,
  type GatewayOptions,
  gatewayService,
  InProcessRateLimits,
  ownSocketsOnly,
  prepareGateway,
  RATE_LIMITS,
  READINESS_CHECKS,
  RECEIPT_KEYS,
  REVIEWER_ADAPTER,
  ReceiptKeys,
  serveGateway,
} from '../src/index.js';
import { Authorities } from './authorities.js';
import { gatewayOptions, ORG, silent } from './fixtures.js';

/** A whole gateway that listens, in front of other services that answer as the test says. */
export class GatewayApp {
  readonly authorities = new Authorities();
  /** By token: who it belongs to. */
  readonly principals = new Map<string, Principal>();
  #closing: Promise<void> | undefined;

  private constructor(
    private readonly temporary: TemporaryDatabase,
    readonly bus: EmbeddedBus,
  ) {}

  url = '';
  #close: () => Promise<void> = async () => undefined;

  static async start(
    more: Partial<GatewayOptions> = {},
    adapters: ReadonlyMap<symbol, unknown> = new Map(),
  ): Promise<GatewayApp> {
    const temporary = await temporaryDatabase({
      entities: [...messagingEntities, ...gatewayService.entities],
      migrations: [...messagingMigrations, ...gatewayService.migrations],
    });
    const { database } = temporary;
    const bus = new EmbeddedBus({ database, clock: systemClock });
    const gateway = new GatewayApp(temporary, bus);
    gateway.#answer();
    const masterKey = Buffer.alloc(32, 7);
    const keys = new ReceiptKeys(database, systemClock, masterKey);
    await keys.refresh();
    const ports = new Map<symbol, unknown>([
      [DATABASE, database],
      [BUS, bus],
      [RPC_CLIENT, gateway.authorities.client],
      [CLOCK, systemClock],
      [LOGGER, silent],
      [METRICS, new Registry()],
      [MASTER_KEY, masterKey],
      [RECEIPT_KEYS, keys],
      [GATEWAY_OPTIONS, gatewayOptions(more)],
      [READINESS_CHECKS, [{ name: 'database', check: () => database.ping() }]],
      [REVIEWER_ADAPTER, ownSocketsOnly],
      [RATE_LIMITS, new InProcessRateLimits(systemClock)],
      ...adapters,
    ]);
    const app = await NestFactory.create<NestExpressApplication>(rootModule(ports, [gatewayService]), {
      bodyParser: false,
      logger: new NestLog(silent),
      abortOnError: false,
    });
    const configuration = Configuration.parse({ port: 0 });
    prepareGateway(app, configuration);
    const served = await serveGateway(app, configuration);
    gateway.url = served.url;
    gateway.#close = served.close;
    return gateway;
  }

  /** As SIGTERM does. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async remove(): Promise<void> {
    await this.close();
    await this.bus.close();
    await this.temporary.remove();
  }

  #answer(): void {
    const { authorities } = this;
    authorities.answer('identity.authenticate', ({ credential }) => ({
      principal: this.principals.get(credential) ?? null,
      expires_at: null,
    }));
    authorities.answer('policy.snapshot', () => ({
      type: 'full',
      org: ORG,
      version: 1,
      targets: [],
      policies: [],
      rules: [],
    }));
    authorities.answer('sessions.start', ({ principal, name, target, labels, client }) => ({
      ...{ id: 'ses_00000000000000000000000000', name, target, labels, client, ended_at: null },
      agent: { id: principal.id, name: principal.name },
      started_at: timestamp(systemClock.now()),
    }));
  }
}
