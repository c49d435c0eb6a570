import { eventually, type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { BullScheduler } from './bull-scheduler.js';
import { KeyRecords } from './key-records.js';
import type { KeyedTurn } from './turn.js';

/** Each test leaves things as a process does that is killed between two steps, and lets another one go on from there. */
describe('the scheduler on BullMQ, when a process has died', () => {
  let server: RedisServer;
  let redis: Redis;
  let records: KeyRecords;
  let scheduler: BullScheduler;
  let seen: unknown[];
  let prefixes = 0;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  beforeEach(() => {
    prefixes += 1;
    const prefix = `test${prefixes}`;
    records = new KeyRecords(redis, `{${prefix}:jobs}.keys`);
    scheduler = new BullScheduler({ settings: { url: server.url, prefix }, lockMs: 1_000 });
    seen = [];
  });

  afterEach(() => scheduler.close());

  const run = () => scheduler.handle('work', async ({ payload, dueAt }) => void seen.push([payload, dueAt]));

  const waiting = async (): Promise<KeyedTurn> => {
    const turn = await records.find('work', 'k');
    if (turn === undefined) throw new Error('Nothing waits');
    return turn;
  };

  it('after it moved a job and before it woke anybody, runs the moved one', async () => {
    const at = Date.now();
    await scheduler.schedule('work', 'old', { key: 'k', at });
    await records.put('work', 'k', 'job_unused', { payload: 'new', dueAt: at + 200, maxAttempts: 1 });
    await run();
    await eventually(() => seen.length === 1);
    expect(seen).toEqual([['new', at + 200]]);
    await eventually(async () => !(await scheduler.cancel('work', 'k')));
  });

  it('after it began a job and before it woke anybody, lets the next caller have his way', async () => {
    await records.put('work', 'k', 'job_begun', { payload: 'unpromised', dueAt: 0, maxAttempts: 1 });
    await run();
    expect(await scheduler.schedule('work', 'promised', { key: 'k', at: 7 })).toBe('job_begun');
    await eventually(() => seen.length === 1);
    expect(seen).toEqual([['promised', 7]]);
  });

  it('after a run that repeats, before the next turn was there, goes on repeating', async () => {
    await scheduler.schedule('work', 'tick', { key: 'k', everyMs: 50 });
    const dueAt = Date.now() + 100;
    await records.repeat('work', await waiting(), dueAt, 'done');
    await run();
    await eventually(() => seen.length >= 3);
    expect(seen[0]).toEqual(['tick', dueAt]);
  });

  it('after a run that ended, before BullMQ heard of it, does not run it again', async () => {
    await scheduler.schedule('work', 'done', { key: 'k' });
    await records.end('work', await waiting());
    await run();
    await scheduler.schedule('work', 'probe');
    await eventually(() => seen.length === 1);
    expect(seen).toEqual([['probe', expect.any(Number)]]);
  });

  it.each([
    { kind: 'a job', everyMs: undefined },
    { kind: 'a repeating job', everyMs: 60_000 },
  ])('while it gave up $kind, lists it as failed', async ({ everyMs }) => {
    await scheduler.schedule('work', 'failing', { key: 'k', ...(everyMs === undefined ? {} : { everyMs }) });
    const turn = await waiting();
    if (everyMs === undefined) await records.giveUp('work', turn);
    else await records.repeat('work', turn, Date.now() + everyMs, 'given_up');
    await run();
    const failed = await eventually(async () => (await scheduler.failed('work'))[0]);
    expect(failed).toMatchObject({ payload: 'failing', error: expect.stringContaining('as often as it may') });
    expect(seen).toEqual([]);
    expect(await scheduler.cancel('work', 'k')).toBe(everyMs !== undefined);
    expect(await scheduler.retry(failed?.id ?? '')).toBe(true);
    await eventually(() => seen.length === 1);
  });

  it('while it retried a failed job, lets another one retry it', async () => {
    let isBroken = true;
    await scheduler.handle('work', async ({ payload }) => {
      if (isBroken) throw new Error('no luck');
      seen.push(payload);
    });
    await scheduler.schedule('work', 'failing', { key: 'k', maxAttempts: 1 });
    const turn = await waiting();
    const failed = await eventually(async () => (await scheduler.failed())[0]);
    isBroken = false;
    expect(await records.restore('work', turn)).toBe(true);
    expect(await scheduler.retry(failed?.id ?? '')).toBe(true);
    await eventually(() => seen.length === 1);
    await eventually(async () => !(await scheduler.cancel('work', 'k')));
  });
});
