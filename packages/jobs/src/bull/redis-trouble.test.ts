import { eventually, type RedisServer, startRedis } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { JobTrouble } from '../job-trouble.js';
import { BullScheduler } from './bull-scheduler.js';

/** How long a caller may have to wait for a refusal, in milliseconds, on a busy machine. */
const REFUSED_WITHIN_MS = 7_000;
const PATIENCE_MS = 30_000;

let server: RedisServer;
let scheduler: BullScheduler;
let told: JobTrouble[];
let ran: Set<unknown>;

beforeEach(async () => {
  server = await startRedis();
  told = [];
  ran = new Set();
  scheduler = open();
});

afterEach(async () => {
  await scheduler.close();
  await server.stop();
});

function open(): BullScheduler {
  return new BullScheduler({ settings: { url: server.url }, lockMs: 1_000, report: (trouble) => told.push(trouble) });
}

const run = () => scheduler.handle('work', async ({ payload }) => void ran.add(payload));

/** Asks until it is not refused any more. */
const promise = (payload: unknown) =>
  eventually(() => scheduler.schedule('work', payload).catch(() => ''), 'a promise', PATIENCE_MS);

async function refusal(): Promise<{ error: unknown; afterMs: number }> {
  const start = performance.now();
  const error = await scheduler.schedule('work', 'refused').catch((reason: unknown) => reason);
  return { error, afterMs: performance.now() - start };
}

describe('the scheduler on BullMQ, when Redis', () => {
  it('is killed and comes back, keeps every promise', async () => {
    await run();
    const promised: number[] = [];
    let number = 0;
    const schedule = async (until: () => boolean) => {
      for (; !until(); number += 1) {
        const mine = number;
        await scheduler.schedule('work', mine, { at: Date.now() + (mine % 40), key: `k${mine}` }).then(
          () => promised.push(mine),
          () => undefined,
        );
      }
    };
    for (let round = 1; round <= 3; round += 1) {
      const scheduling = schedule(() => promised.length >= round * 60);
      await eventually(() => promised.length >= round * 60 - 30);
      await server.kill();
      await server.restart();
      await scheduling;
    }
    await eventually(() => promised.every((each) => ran.has(each)), 'every promised job', PATIENCE_MS);
  }, 120_000);

  it('is killed while a job runs, hears of its end later', async () => {
    let finish: (() => void) | undefined;
    let isDone = false;
    await scheduler.handle('work', async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      isDone = true;
    });
    await scheduler.schedule('work', 1, { key: 'k' });
    await eventually(() => finish);
    await server.kill();
    finish?.();
    await eventually(() => isDone);
    await server.restart();
    finish = () => undefined;
    // A second run, after the lock has lapsed meanwhile, is as good.
    await eventually(
      async () => {
        finish?.();
        return !(await scheduler.cancel('work', 'k').catch(() => true));
      },
      'the end of the job',
      PATIENCE_MS,
    );
    expect(await scheduler.failed()).toEqual([]);
  }, 120_000);

  it('stands still, refuses in time and goes on afterwards', async () => {
    await run();
    await promise('before');
    server.pause();
    const { error, afterMs } = await refusal();
    expect(error).toMatchObject({ name: 'SchedulerUnavailable', code: 'UNAVAILABLE', retryable: true });
    expect(afterMs).toBeLessThan(REFUSED_WITHIN_MS);
    server.resume();
    await promise('after');
    await eventually(() => ran.has('before') && ran.has('after'), 'the jobs', PATIENCE_MS);
  }, 120_000);

  it('is away from the start, refuses, and begins when it comes', async () => {
    await server.kill();
    await scheduler.close();
    scheduler = open();
    await run();
    const { error, afterMs } = await refusal();
    expect(error).toMatchObject({ name: 'SchedulerUnavailable' });
    expect(afterMs).toBeLessThan(REFUSED_WITHIN_MS);
    await server.restart();
    await promise('after');
    await eventually(() => ran.has('after'), 'the job', PATIENCE_MS);
  }, 120_000);

  it('is away for good, does not keep a process from ending', async () => {
    await run();
    await promise('before');
    await eventually(() => ran.has('before'));
    await server.kill();
    const start = performance.now();
    await scheduler.close();
    expect(performance.now() - start).toBeLessThan(2 * REFUSED_WITHIN_MS);
    await expect(scheduler.schedule('work', 1)).rejects.toMatchObject({ name: 'SchedulerUnavailable' });
  }, 120_000);

  it('is full, refuses new jobs and keeps the promised ones', async () => {
    const admin = new Redis(server.url);
    try {
      await scheduler.schedule('work', 'promised', { key: 'promised' });
      await scheduler.schedule('work', 'tick', { key: 'tick', everyMs: 200 });
      await admin.config('SET', 'maxmemory', '1');
      const { error, afterMs } = await refusal();
      expect(error).toMatchObject({ name: 'SchedulerUnavailable', retryable: true });
      expect(afterMs).toBeLessThan(REFUSED_WITHIN_MS);
      await expect(scheduler.schedule('work', 'moved', { key: 'promised' })).rejects.toThrow();
      const payloads: unknown[] = [];
      await scheduler.handle('work', async ({ payload }) => void payloads.push(payload));
      const start = performance.now();
      await eventually(() => told.filter(({ kind }) => kind === 'storage_failed').length >= 4, 'troubles', PATIENCE_MS);
      // It asks now and then, not as fast as it can.
      expect(performance.now() - start).toBeGreaterThan(900);
      await admin.config('SET', 'maxmemory', '0');
      await eventually(() => payloads.includes('promised'), 'the promised job', PATIENCE_MS);
      await eventually(() => payloads.filter((each) => each === 'tick').length >= 3, 'the repetition', PATIENCE_MS);
      expect(payloads).not.toContain('moved');
      expect(payloads).not.toContain('refused');
      expect(await scheduler.failed()).toEqual([]);
    } finally {
      admin.disconnect();
    }
  }, 120_000);
});
