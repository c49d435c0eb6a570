import { type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { checkDurability, WeakDurability } from './check-durability.js';
import { COMMAND_TIMEOUT_MS, closeRedis, openRedis, type RedisTrouble } from './open-redis.js';
import { isFull, whyUnavailable } from './why-unavailable.js';

let server: RedisServer;
const connections: Redis[] = [];
const opened = (report?: (trouble: RedisTrouble) => void): Redis => {
  const redis = openRedis({ url: server.url, ...(report === undefined ? {} : { report }) }, 'test');
  connections.push(redis);
  return redis;
};

beforeAll(async () => {
  server = await startRedis();
});

afterEach(async () => {
  server.resume();
  await Promise.all(connections.splice(0).map(closeRedis));
});

afterAll(() => server.stop());

describe('the durability of a server', () => {
  // Of its own: one whose append-only file was off for a moment keeps nothing until it has written that anew.
  let server: RedisServer;
  const connection = (): Redis => {
    const redis = openRedis({ url: server.url }, 'durability');
    connections.push(redis);
    return redis;
  };

  beforeAll(async () => {
    server = await startRedis();
  });

  afterAll(() => server.stop());

  it('is enough when it keeps what it acknowledges', async () => {
    expect(await checkDurability(connection(), false)).toEqual({ weaknesses: [] });
  });

  it.each([
    ['appendonly', 'no', 'yes'],
    ['appendfsync', 'everysec', 'always'],
    ['maxmemory-policy', 'allkeys-lru', 'noeviction'],
  ])('is too weak with %s %s, which is refused by name, or allowed when asked for', async (setting, weak, strong) => {
    const redis = connection();
    await redis.config('SET', setting, weak);
    try {
      const refusal = await checkDurability(redis, false).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(WeakDurability);
      expect(String(refusal)).toContain(`${setting} is "${weak}", needed is "${strong}"`);
      expect((await checkDurability(redis, true)).weaknesses).toHaveLength(1);
    } finally {
      await redis.config('SET', setting, strong);
    }
  });

  it('is not believed where the server does not tell', async () => {
    const redis = connection();
    await redis.call('ACL', 'SETUSER', 'blind', 'on', 'nopass', '~*', '+@all', '-config');
    await redis.auth('blind', 'any');
    await expect(checkDurability(redis, false)).rejects.toThrow(/appendonly cannot be read/);
    await redis.auth('default', 'any');
  });
});

describe('a connection', () => {
  it('comes back by itself after kill -9 of the server, and what was sent meanwhile is only late', async () => {
    const told: RedisTrouble[] = [];
    const redis = opened((trouble) => told.push(trouble));
    await redis.set('a', '1');
    await server.kill();
    const late = redis.get('a');
    await server.restart();
    expect(await late).toBe('1');
    expect(told).toContainEqual({
      kind: 'redis_connection',
      name: 'test',
      error: new Error('the connection was lost'),
    });
  });

  it('to a server that stands still rejects in time, and serves again afterwards', async () => {
    const redis = opened();
    await redis.ping();
    server.pause();
    const start = performance.now();
    const error = await redis.ping().catch((reason: unknown) => reason);
    expect(performance.now() - start).toBeLessThan(COMMAND_TIMEOUT_MS + 2_000);
    expect(whyUnavailable(error)).toMatch(/did not answer in time/);
    server.resume();
    expect(await redis.ping()).toBe('PONG');
  });

  it('refuses at once when the server has been away for longer than anybody waits', async () => {
    const redis = opened();
    await redis.ping();
    await server.kill();
    const first = await redis.ping().catch((reason: unknown) => reason);
    expect(whyUnavailable(first)).toMatch(/did not answer in time|cannot be reached/);
    const start = performance.now();
    const refusals = await Promise.allSettled(Array.from({ length: 1_000 }, () => redis.ping()));
    expect(performance.now() - start).toBeLessThan(1_000);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ status: 'rejected', reason: { name: 'RedisAway' } });
    }
    const back = new Promise((resolve) => redis.once('ready', resolve));
    await server.restart();
    await back;
    expect(await redis.ping()).toBe('PONG');
  });

  it('to a full server says so', async () => {
    const redis = opened();
    await redis.config('SET', 'maxmemory', '1');
    const error = await redis.set('b', '1').catch((reason: unknown) => reason);
    await redis.config('SET', 'maxmemory', '0');
    expect(isFull(error)).toBe(true);
    expect(whyUnavailable(error)).toMatch(/is full/);
  });

  it('does not take a mistake of ours for an absence of the server', async () => {
    const redis = opened();
    await redis.set('text', 'x');
    const error = await redis.lpush('text', 'y').catch((reason: unknown) => reason);
    expect(String(error)).toContain('WRONGTYPE');
    expect(whyUnavailable(error)).toBeUndefined();
    expect(whyUnavailable('text')).toBeUndefined();
  });

  it('can be closed while the server is away', async () => {
    const redis = opened();
    await redis.ping();
    await server.kill();
    await closeRedis(redis);
    await expect(redis.ping()).rejects.toThrow(/closed/);
    await server.restart();
  });
});
