import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { type RedisServer, type RedisServerOptions, startRedis } from './start-redis.js';
import { startTypeScript } from './start-typescript.js';

const servers: RedisServer[] = [];
const started = async (options?: RedisServerOptions): Promise<RedisServer> => {
  const server = await startRedis(options);
  servers.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** One inline command on a connection of its own; rejects when the server is not there. */
async function ask(server: RedisServer, command: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${command}\r\n`);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return reply.toString().trim();
}

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a Redis of a test', () => {
  it('is as durable as production needs it, and keeps what it acknowledged over kill -9', async () => {
    const server = await started();
    expect(await ask(server, 'CONFIG GET appendfsync')).toContain('always');
    expect(await ask(server, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
    expect(await ask(server, 'SET kept yes')).toBe('+OK');
    await server.kill();
    await expect(ask(server, 'PING')).rejects.toThrow();
    await server.restart();
    expect(await ask(server, 'GET kept')).toContain('yes');
  });

  it('takes settings', async () => {
    const server = await started({ durable: false, settings: { maxmemory: '4mb' } });
    expect(await ask(server, 'CONFIG GET appendonly')).toContain('no');
    expect(await ask(server, 'CONFIG GET maxmemory')).toContain('4194304');
  });

  it('answers nobody while it is paused, and everybody afterwards; stops also when paused', async () => {
    const server = await started();
    server.pause();
    let answer: string | undefined;
    const asked = ask(server, 'PING').then((reply) => {
      answer = reply;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toBeUndefined();
    server.resume();
    await asked;
    expect(answer).toBe('+PONG');
    server.pause();
    const { pid } = server;
    await server.stop();
    expect(runs(pid)).toBe(false);
  });

  it('does not outlive the process that started it, even when that is killed', async () => {
    const keeper = startTypeScript(new URL('../fixtures/redis-keeper.ts', import.meta.url));
    try {
      await eventually(() => keeper.lines.length > 0, 'the server', 20_000);
      const pid = Number(keeper.lines[0]?.split(' ')[1]);
      expect(runs(pid)).toBe(true);
      await keeper.kill();
      await eventually(() => !runs(pid), 'the end of the server');
    } finally {
      await keeper.kill();
    }
  });

  it('that cannot start says why', async () => {
    await expect(startRedis({ settings: { maxmemory: 'plenty' } })).rejects.toThrow(/maxmemory[\s\S]*plenty/);
    const { port } = await started();
    await expect(startRedis({ port })).rejects.toThrow(/Address already in use/);
  });
});
