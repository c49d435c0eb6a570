import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { startHealthServer } from './health-server.js';

const TOKEN = 'metrics-token-of-this-test';

describe('the health port of a process', () => {
  let trouble: string | null;
  let metrics: Registry;
  let server: Awaited<ReturnType<typeof startHealthServer>>;

  const start = (metricsToken: string | null) =>
    startHealthServer({
      host: '127.0.0.1',
      port: 0,
      service: 'audit',
      metrics,
      metricsToken,
      checks: [
        { name: 'sky', check: async () => undefined },
        {
          name: 'ground',
          check: async () => {
            if (trouble) throw new Error(trouble);
          },
        },
      ],
    });
  const read = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await fetch(`${server.url}${path}`, { headers, method });
    return { status: answer.status, text: await answer.text() };
  };

  beforeEach(async () => {
    trouble = null;
    metrics = new Registry();
    new Counter({ name: 'things_total', help: 'things', registers: [metrics] }).inc(3);
    server = await start(null);
  });
  afterEach(() => server.close());

  it('says that it lives, whatever it stands on', async () => {
    trouble = 'gone';
    expect(await read('/healthz')).toEqual({ status: 200, text: '{"status":"ok","service":"audit"}' });
  });

  it('is ready while everything answers, and names what does not', async () => {
    expect((await read('/readyz')).status).toBe(200);
    trouble = 'gone';
    const { status, text } = await read('/readyz?now');
    expect([status, JSON.parse(text)]).toEqual([
      503,
      {
        ready: false,
        checks: [
          { name: 'sky', ok: true },
          { name: 'ground', ok: false, problem: 'gone' },
        ],
      },
    ]);
  });

  it('shows figures to this machine, not to what a proxy hands on', async () => {
    expect((await read('/metrics')).text).toContain('things_total 3');
    expect((await read('/metrics', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
  });

  it('shows figures to whoever has the token, where one is configured', async () => {
    await server.close();
    server = await start(TOKEN);
    expect((await read('/metrics')).status).toBe(403);
    expect((await read('/metrics', { authorization: `Bearer ${TOKEN.toUpperCase()}` })).status).toBe(403);
    expect((await read('/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });

  it('has nothing else', async () => {
    expect((await read('/')).status).toBe(404);
    expect((await read('/healthz', {}, 'POST')).status).toBe(405);
  });
});
