import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { mayReadMetrics } from '../health/metrics-access.js';
import { type ReadinessCheck, readiness } from '../health/readiness.js';

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly service: string;
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: Registry;
  /** See `metrics_token`. */
  readonly metricsToken: string | null;
}

/** `/healthz`, `/readyz` and `/metrics` of a process that serves nobody else over HTTP. */
export async function startHealthServer(
  options: HealthServerOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(options, request.method ?? '', request.url ?? '', () => mayReadMetrics(request, options.metricsToken)).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => fail(response),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () => end(server),
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(
  { service, checks, metrics }: HealthServerOptions,
  method: string,
  url: string,
  mayRead: () => boolean,
): Promise<Answer> {
  if (method !== 'GET') return json(405, { error: 'GET only' });
  switch (url.split('?')[0]) {
    case '/healthz':
      return json(200, { status: 'ok', service });
    case '/readyz': {
      const report = await readiness(checks);
      return json(report.ready ? 200 : 503, report);
    }
    case '/metrics':
      if (!mayRead()) return json(403, { error: 'read from this machine, or with the metrics_token' });
      return { status: 200, type: metrics.contentType, body: await metrics.metrics() };
    default:
      return json(404, { error: 'there is /healthz, /readyz and /metrics' });
  }
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

function fail(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(500);
  response.end();
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
