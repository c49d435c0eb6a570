import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '@expacti/platform';
import type { GatewayOptions } from './gateway-options.js';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const DASHBOARD = join(REPOSITORY, 'apps/dashboard/dist');
const DOCS = join(REPOSITORY, 'docs');

/** The version in this package's own manifest. */
const VERSION: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/**
 * What the configuration says of a gateway process. Each call names a new one.
 * @param weaknesses what the durability checks found and the configuration tolerates
 */
export function gatewayOptionsOf(configuration: Configuration, weaknesses: readonly string[] = []): GatewayOptions {
  const { limits } = configuration;
  return {
    gatewayId: randomUUID(),
    serverVersion: VERSION,
    publicUrl: configuration.public_url ?? `http://${configuration.host}:${configuration.port}`,
    evalMode: configuration.eval,
    evalAllowRemote: configuration.eval_allow_remote,
    dashboardFolder: existsSync(DASHBOARD) ? DASHBOARD : null,
    docsFolder: DOCS,
    receiptSeconds: configuration.receipt_seconds,
    metricsToken: configuration.metrics_token ?? null,
    weaknesses,
    limits: {
      submissionsPerSecond: limits.submissions_per_second,
      submissionBurst: limits.submission_burst,
      requestsPerSecond: limits.requests_per_second,
      publicRequestsPerSecond: limits.public_requests_per_second,
      socketsPerAgent: limits.sockets_per_agent,
    },
  };
}
