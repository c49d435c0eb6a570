import { randomBytes } from 'node:crypto';
import {
  type Child,
  eventually,
  freePort,
  type PostgresServer,
  type RedisServer,
  startPostgres,
  startRedis,
  startTypeScript,
} from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

const idle = new URL('../../fixtures/idle-process.ts', import.meta.url);

describe('a process whose database stands still', () => {
  let redis: RedisServer;
  let postgres: PostgresServer;
  let child: Child | undefined;

  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  }, 60_000);
  afterAll(() => Promise.all([redis.stop(), postgres.stop()]), 60_000);
  let url: string;
  beforeEach(async () => {
    url = await postgres.createDatabase();
  });
  afterEach(async () => {
    redis.resume();
    await postgres.resume();
    await child?.kill();
  });

  const start = async (kind: 'serving' | 'working') => {
    const port = await freePort();
    child = startTypeScript(idle, [kind], {
      env: {
        EXPACTI_DATABASE_URL: url,
        EXPACTI_REDIS_URL: redis.url,
        EXPACTI_MASTER_KEY: randomBytes(32).toString('base64url'),
        EXPACTI_HOST: '127.0.0.1',
        EXPACTI_PORT: String(port),
      },
    });
    return async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      const { checks } = (await answer.json()) as { checks: { name: string; ok: boolean }[] };
      return { status: answer.status, wrong: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
    };
  };
  const comesUp = (read: () => Promise<{ status: number }>) =>
    eventually(async () => (await read().catch(() => undefined))?.status === 200, 'the process', 40_000);

  it.each([
    ['stays in service where it serves people: a rule decides without it', 'serving', 200],
    ['takes nothing more where it works with it', 'working', 503],
  ] as const)(
    '%s; either says so',
    async (_, kind, status) => {
      const read = await start(kind);
      await comesUp(read);
      await postgres.pause();
      expect(await read()).toEqual({ status, wrong: ['database'] });
      await postgres.resume();
      await comesUp(read);
    },
    90_000,
  );

  it('takes nothing more without Redis, whatever it does', async () => {
    const read = await start('serving');
    await comesUp(read);
    redis.pause();
    expect(await read()).toEqual({ status: 503, wrong: ['redis'] });
  }, 90_000);
});
