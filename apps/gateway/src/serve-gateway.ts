import type { AddressInfo } from 'node:net';
import type { Configuration } from '@expacti/platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { GATEWAY_OPTIONS, type GatewayOptions } from './gateway-options.js';
import { endConnections } from './http/end-connections.js';
import { prepareHttp } from './prepare-http.js';

/** Prepares an application that holds the gateway's module for HTTP. Call it before the application listens. */
export function prepareGateway(app: NestExpressApplication, configuration: Configuration): void {
  if (configuration.trust_proxy) app.set('trust proxy', configuration.trust_proxy);
  prepareHttp(app, app.get<GatewayOptions>(GATEWAY_OPTIONS));
}

/** Listens, and says where and how to end it. */
export async function serveGateway(
  app: NestExpressApplication,
  { host, port }: Configuration,
): Promise<{ url: string; close(): Promise<void> }> {
  await app.listen(port, host);
  const address = app.getHttpServer().address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  const close = async () => {
    const ended = endConnections(app.getHttpServer());
    await app.close();
    ended();
  };
  return { url, close };
}
