import 'reflect-metadata';
import { runService } from '@expacti/platform/process';
import {
  GATEWAY_OPTIONS,
  gatewayOptionsOf,
  gatewayService,
  prepareGateway,
  READINESS_CHECKS,
  RECEIPT_KEYS,
  ReceiptKeys,
  serveGateway,
} from './index.js';

runService(gatewayService, {
  async ports({ configuration, infrastructure, clock, masterKey, checks }) {
    const receiptKeys = new ReceiptKeys(infrastructure.database, clock, masterKey);
    await receiptKeys.refresh();
    return new Map<symbol, unknown>([
      [GATEWAY_OPTIONS, gatewayOptionsOf(configuration)],
      [READINESS_CHECKS, checks],
      [RECEIPT_KEYS, receiptKeys],
    ]);
  },
  async serve(app, { configuration }) {
    prepareGateway(app, configuration);
    return serveGateway(app, configuration);
  },
});
