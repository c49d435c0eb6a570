import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Child } from '../../packages/testkit/src/child.js';
import { eventually } from '../../packages/testkit/src/eventually.js';
import { freePort } from '../../packages/testkit/src/free-port.js';
import { temporaryFolder } from '../../packages/testkit/src/temporary-folder.js';
import { untilReady } from '../../packages/testkit/src/until-ready.js';

/** The real proxy before two servers that stand where the gateways do. */
const caddyfile = fileURLToPath(new URL('../../docker/Caddyfile', import.meta.url));
const hasCaddy = await promisify(execFile)('caddy', ['version']).then(
  () => true,
  () => false,
);
// `make up` does without Caddy where there is none; then there is nothing to try here.
const describeWithCaddy = hasCaddy ? describe : describe.skip;

interface Upstream {
  readonly name: string;
  readonly port: number;
  isReady: boolean;
  headers: IncomingHttpHeaders;
  listen(): Promise<void>;
  close(): Promise<void>;
}

async function upstream(name: string): Promise<Upstream> {
  let server: Server | undefined;
  const self: Upstream = {
    name,
    port: await freePort(),
    isReady: true,
    headers: {},
    listen: async () => {
      server = createServer((incoming, response) => {
        if (incoming.url === '/readyz') return void response.writeHead(self.isReady ? 200 : 503).end();
        self.headers = incoming.headers;
        if (incoming.url === '/stream') return void response.write('first');
        response.end(name);
      });
      server.on('upgrade', (_incoming, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
        socket.pipe(socket);
      });
      await once(server.listen(self.port, '127.0.0.1'), 'listening');
    },
    close: async () => {
      const closed = new Promise((resolve) => server?.close(resolve));
      server?.closeAllConnections();
      await closed;
    },
  };
  await self.listen();
  return self;
}

describeWithCaddy('docker/Caddyfile', () => {
  const folder = temporaryFolder('expacti-caddy');
  let one: Upstream;
  let other: Upstream;
  let caddy: Child;
  let site: string;

  beforeAll(async () => {
    [one, other] = [await upstream('one'), await upstream('other')];
    site = `http://127.0.0.1:${await freePort()}`;
    caddy = new Child('caddy', ['run', '--config', caddyfile, '--adapter', 'caddyfile'], {
      env: {
        EXPACTI_DOMAIN: site,
        EXPACTI_GATEWAYS: `127.0.0.1:${one.port} 127.0.0.1:${other.port}`,
        XDG_DATA_HOME: folder.path,
        XDG_CONFIG_HOME: folder.path,
      },
    });
    await untilReady(caddy, `${site}/app`);
  });

  afterAll(async () => {
    await caddy?.kill();
    await one?.close();
    await other?.close();
    folder.remove();
  });

  const get = async (headers: Record<string, string> = {}) => {
    const response = await fetch(`${site}/app`, { headers });
    const cookie = response.headers.getSetCookie().find((text) => text.startsWith('expacti_gateway='));
    return { status: response.status, name: await response.text(), cookie: cookie?.split(';')[0] ?? '' };
  };
  const names = async (count: number, headers?: Record<string, string>) =>
    new Set((await Promise.all(Array.from({ length: count }, () => get(headers)))).map(({ name }) => name));

  it('is valid for the site that compose.yml makes of it', async () => {
    const { EXPACTI_DOMAIN: _domain, EXPACTI_GATEWAYS: _gateways, ...env } = process.env;
    for (const domain of [{}, { EXPACTI_DOMAIN: 'expacti.example.com' }]) {
      const options = { env: { ...env, ...domain, XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path } };
      await promisify(execFile)('caddy', ['validate', '--config', caddyfile, '--adapter', 'caddyfile'], options);
    }
  });

  it('spreads whoever is new over both gateways, and keeps whoever came back with the first', async () => {
    expect(await names(60)).toEqual(new Set(['one', 'other']));
    const { name, cookie } = await get();
    expect(cookie).not.toBe('');
    expect(await names(20, { cookie })).toEqual(new Set([name]));
  });

  it('sends nothing to a gateway that is not ready, not even whom it knows', async () => {
    const { name, cookie } = await get();
    const [its, another] = name === 'one' ? [one, other] : [other, one];
    its.isReady = false;
    await eventually(async () => (await get({ cookie })).name === another.name, 'the move to the other gateway');
    expect(await names(20)).toEqual(new Set([another.name]));
    its.isReady = true;
    await eventually(async () => (await names(10)).size === 2, 'the return of the gateway');
  });

  it('fails no request while a gateway goes away', async () => {
    await one.close();
    const answers = await Promise.all(Array.from({ length: 30 }, () => get()));
    expect(answers.every(({ status, name }) => status === 200 && name === 'other')).toBe(true);
    await one.listen();
    await eventually(async () => (await names(10)).size === 2, 'the return of the gateway', 20_000);
  });

  it('tells the gateway the true address, whatever the client claims', async () => {
    const { name } = await get({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' });
    const { headers } = name === 'one' ? one : other;
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
  });

  it('hands on a WebSocket', async () => {
    const upgrading = request(`${site}/ws/agent`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    }).end();
    const [response, socket] = await once(upgrading, 'upgrade');
    expect(response.statusCode).toBe(101);
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    socket.destroy();
  });

  it('hands on at once what is streamed', async () => {
    const abort = new AbortController();
    const response = await fetch(`${site}/stream`, { signal: abort.signal });
    const first = await response.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('first');
    abort.abort();
  });

  it.each(['/metrics', '/healthz', '/readyz'])('keeps %s inside', async (path) => {
    const response = await fetch(`${site}${path}`);
    expect([response.status, await response.text()]).toEqual([404, '']);
  });
});
