import 'reflect-metadata';
import { runService } from '@expacti/platform/process';
import {
  GATEWAY_OPTIONS,
  gatewayOptionsOf,
  gatewayService,
  openRedisReviewerAdapter,
  prepareGateway,
  RATE_LIMITS,
  READINESS_CHECKS,
  RECEIPT_KEYS,
  REVIEWER_ADAPTER,
  ReceiptKeys,
  RedisRateLimits,
  serveGateway,
} from './index.js';

runService(gatewayService, {
  async ports({ configuration, infrastructure, clock, masterKey, checks }) {
    const receiptKeys = new ReceiptKeys(infrastructure.database, clock, masterKey);
    await receiptKeys.refresh();
    return new Map<symbol, unknown>([
      [GATEWAY_OPTIONS, gatewayOptionsOf(configuration, infrastructure.weaknesses)],
      [READINESS_CHECKS, checks],
      [RECEIPT_KEYS, receiptKeys],
      [RATE_LIMITS, new RedisRateLimits(infrastructure.redisSettings, clock)],
      [REVIEWER_ADAPTER, await openRedisReviewerAdapter(infrastructure.redisSettings)],
    ]);
  },
  async serve(app, { configuration }) {
    prepareGateway(app, configuration);
    return serveGateway(app, configuration);
  },
});
