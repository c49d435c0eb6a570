import {
  GATEWAY_OPTIONS,
  type GatewayOptions,
  READINESS_CHECKS,
  RECEIPT_KEYS,
  type ReceiptKeys,
} from '@expacti/gateway';
import {
  BUS,
  CLOCK,
  type Clock,
  createRpcClient,
  DATABASE,
  InProcessLeaseStore,
  LEASE_STORE,
  LOGGER,
  type Logger,
  MASTER_KEY,
  METRICS,
  type ReadinessCheck,
  RPC_CLIENT,
  SCHEDULER,
} from '@expacti/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { type Infrastructure, SERVICES } from './infrastructure.js';

export interface RootOptions extends Infrastructure {
  clock: Clock;
  logger: Logger;
  metrics: Registry;
  masterKey: Buffer;
  receiptKeys: ReceiptKeys;
  gateway: GatewayOptions;
}

/** Carries the adapters; global, so that every service finds its ports. */
@Module({})
class Ports {}

@Module({})
class Root {}

/** Every service, and behind each port the adapter of this composition. */
export function rootModule(options: RootOptions): DynamicModule {
  const checks: ReadinessCheck[] = [{ name: 'database', check: () => options.database.ping() }];
  const ports = new Map<symbol, unknown>([
    [DATABASE, options.database],
    [BUS, options.bus],
    [RPC_CLIENT, createRpcClient(options.rpc)],
    [SCHEDULER, options.scheduler],
    [CLOCK, options.clock],
    [LOGGER, options.logger],
    [METRICS, options.metrics],
    [LEASE_STORE, new InProcessLeaseStore()],
    [MASTER_KEY, options.masterKey],
    [RECEIPT_KEYS, options.receiptKeys],
    [GATEWAY_OPTIONS, options.gateway],
    [READINESS_CHECKS, checks],
  ]);
  const providers = [...ports].map(([provide, useValue]) => ({ provide, useValue }));
  const adapters = { module: Ports, global: true, providers, exports: [...ports.keys()] };
  return { module: Root, imports: [adapters, ...SERVICES.map((service) => service.module)] };
}
