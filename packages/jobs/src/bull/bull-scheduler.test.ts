import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { JobTrouble } from '../job-trouble.js';
import { backoffOf, schedulerContract, type TestTime } from '../scheduler.contract-test.js';
import { BullScheduler } from './bull-scheduler.js';

/** BullMQ knows the machine's clock only. */
const time: TestTime = {
  now: () => Date.now(),
  advance: (ms) => sleep(Math.min(ms, 10)),
  second: 120,
  latestMs: 5_000,
};

let server: RedisServer;
let prefixes = 0;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(async () => {
  await server?.stop();
});

schedulerContract('the scheduler on BullMQ', async () => {
  prefixes += 1;
  const prefix = `test${prefixes}`;
  const open = () =>
    new BullScheduler({ settings: { url: server.url, prefix }, random: () => 0.999, backoff: backoffOf(time) });
  let scheduler = open();
  return {
    scheduler,
    time,
    restart: async () => {
      await scheduler.close();
      scheduler = open();
      return scheduler;
    },
    dispose: () => scheduler.close(),
  };
});

describe('two schedulers on BullMQ', () => {
  let one: BullScheduler;
  let other: BullScheduler;
  let told: JobTrouble[];
  let redis: Redis;

  beforeEach(() => {
    prefixes += 1;
    told = [];
    const settings = { url: server.url, prefix: `test${prefixes}` };
    const report = (trouble: JobTrouble) => told.push(trouble);
    one = new BullScheduler({ settings, backoff: backoffOf(time), report });
    other = new BullScheduler({ settings, backoff: backoffOf(time), report });
    redis = new Redis(server.url);
  });

  afterEach(async () => {
    await one.close();
    await other.close();
    redis.disconnect();
  });

  it('make one job of many schedulings of a key at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = `k${round}`;
      const all = Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).schedule('work', [key, n], { key }));
      expect(new Set(await Promise.all(all)).size).toBe(1);
    }
    const seen: unknown[] = [];
    await one.handle('work', async ({ payload }) => void seen.push((payload as unknown[])[0]));
    await other.handle('work', async ({ payload }) => void seen.push((payload as unknown[])[0]));
    await one.handle('last', async () => void seen.push('last'));
    await eventually(() => seen.length === 10);
    await one.schedule('last', {}, { at: Date.now() + 500 });
    await eventually(() => seen.includes('last'));
    expect(seen.slice().sort()).toEqual([...Array.from({ length: 10 }, (_, round) => `k${round}`), 'last']);
  });

  it('share the work: each job runs once', async () => {
    const seen: [string, unknown][] = [];
    await one.handle('work', async ({ payload }) => void seen.push(['one', payload]));
    await other.handle('work', async ({ payload }) => void seen.push(['other', payload]));
    await Promise.all(Array.from({ length: 300 }, (_, number) => one.schedule('work', number)));
    await eventually(() => seen.length >= 300);
    await other.schedule('work', 'last');
    await eventually(() => seen.some(([, payload]) => payload === 'last'));
    expect(seen).toHaveLength(301);
    expect(new Set(seen.map(([who]) => who))).toEqual(new Set(['one', 'other']));
  });

  it('hear from each other what is cancelled, moved, given up and retried', async () => {
    const seen: unknown[] = [];
    await other.schedule('work', 'cancelled', { key: 'c', at: Date.now() + 300 });
    await other.schedule('work', 'old', { key: 'm', at: Date.now() + 300 });
    expect(await one.cancel('work', 'c')).toBe(true);
    await one.schedule('work', 'new', { key: 'm' });
    await other.handle('work', async ({ payload, attempt }) => {
      seen.push([payload, attempt]);
      if (payload === 'failing' && told.length < 2) throw new Error('no luck');
    });
    await eventually(() => seen.length === 1);
    await one.schedule('work', 'failing', { maxAttempts: 2 });
    const failed = await eventually(async () => (await one.failed())[0]);
    expect(failed).toMatchObject({ name: 'work', payload: 'failing', attempts: 2, error: 'Error: no luck' });
    await eventually(() => told.length === 2);
    expect(told.map(({ kind }) => kind)).toEqual(['job_failed', 'job_given_up']);
    expect(told[1]).toMatchObject({ name: 'work', attempts: 2, error: new Error('no luck') });
    expect(await one.retry(failed?.id ?? '')).toBe(true);
    await eventually(() => seen.length === 4);
    expect(seen).toEqual([
      ['new', 1],
      ['failing', 1],
      ['failing', 2],
      ['failing', 1],
    ]);
  });

  it('leave nothing behind of jobs that are done', async () => {
    let runs = 0;
    await one.handle('work', async () => {
      runs += 1;
    });
    for (let number = 0; number < 50; number += 1) await other.schedule('work', number, { key: `k${number % 10}` });
    await other.schedule('work', 'tick', { key: 'tick', everyMs: 20 });
    await eventually(() => runs > 60, 'the runs', 20_000);
    await other.cancel('work', 'tick');
    const count = async () => (await redis.keys(`*test${prefixes}*`)).length;
    // The list of names, and of the queue its settings, its events, and the marker and watch that expire or are reused.
    await eventually(async () => (await count()) <= 8, 'an empty store', 20_000);
  });

  it('keep names apart that look like parts of keys', async () => {
    const seen: unknown[] = [];
    await one.schedule('a:b', 1, { key: 'c' });
    await one.schedule('a', 2, { key: 'b:c' });
    await one.schedule('a/ü', 3);
    for (const name of ['a:b', 'a', 'a/ü'])
      await other.handle(name, async (job) => void seen.push([job.name, job.payload]));
    await eventually(() => seen.length === 3);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['a:b', 1],
        ['a', 2],
        ['a/ü', 3],
      ]),
    );
  });
});
