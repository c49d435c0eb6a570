import type { ServiceDefinition } from '@expacti/platform';
import { GatewayModule } from './gateway-module.js';
import { ReceiptKeyRow } from './receipts/receipt-key-row.js';
import { CreateGatewayTables1767225700000 } from './storage/create-gateway-tables.js';
import { IdempotentResponseRow } from './storage/idempotent-response-row.js';

export { GATEWAY_CONTROLLERS, GatewayModule } from './gateway-module.js';
export { GATEWAY_OPTIONS, type GatewayLimits, type GatewayOptions } from './gateway-options.js';
export { InProcessRateLimits } from './limits/in-process-rate-limits.js';
export { RATE_LIMITS, type RateLimits } from './limits/rate-limits.js';
export { RedisRateLimits } from './limits/redis/redis-rate-limits.js';
export { gatewayOptionsOf } from './options-of-configuration.js';
export { READINESS_CHECKS } from './readiness-checks.js';
export { RECEIPT_KEYS, ReceiptKeys } from './receipts/receipt-keys.js';
export { openRedisReviewerAdapter } from './reviewer-socket/redis-reviewer-adapter.js';
export { ownSocketsOnly, REVIEWER_ADAPTER, type ReviewerAdapter } from './reviewer-socket/reviewer-adapter.js';
export { prepareGateway, serveGateway } from './serve-gateway.js';

export const gatewayService: ServiceDefinition = {
  name: 'gateway',
  module: GatewayModule,
  entities: [ReceiptKeyRow, IdempotentResponseRow],
  migrations: [CreateGatewayTables1767225700000],
};
