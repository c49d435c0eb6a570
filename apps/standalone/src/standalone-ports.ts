import {
  GATEWAY_OPTIONS,
  type GatewayOptions,
  InProcessRateLimits,
  ownSocketsOnly,
  RATE_LIMITS,
  READINESS_CHECKS,
  RECEIPT_KEYS,
  REVIEWER_ADAPTER,
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
import type { Registry } from 'prom-client';
import type { Infrastructure } from './infrastructure.js';

export interface PortOptions extends Infrastructure {
  clock: Clock;
  logger: Logger;
  metrics: Registry;
  masterKey: Buffer;
  receiptKeys: ReceiptKeys;
  gateway: GatewayOptions;
}

/** Behind each port the adapter of this composition. */
export function standalonePorts(options: PortOptions): ReadonlyMap<symbol, unknown> {
  const checks: ReadinessCheck[] = [{ name: 'database', check: () => options.database.ping() }];
  return new Map<symbol, unknown>([
    [DATABASE, options.database],
    [BUS, options.bus],
    [RPC_CLIENT, createRpcClient(options.rpc)],
    [SCHEDULER, options.scheduler],
    [CLOCK, options.clock],
    [LOGGER, options.logger],
    [METRICS, options.metrics],
    [LEASE_STORE, new InProcessLeaseStore(options.clock)],
    [MASTER_KEY, options.masterKey],
    [RECEIPT_KEYS, options.receiptKeys],
    [GATEWAY_OPTIONS, options.gateway],
    [READINESS_CHECKS, checks],
    [REVIEWER_ADAPTER, ownSocketsOnly],
    [RATE_LIMITS, new InProcessRateLimits(options.clock)],
  ]);
}
