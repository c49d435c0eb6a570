import { type Child, eventually, type RedisServer, startRedis, startTypeScript } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { BullScheduler } from './bull-scheduler.js';

const worker = new URL('../../fixtures/job-worker.ts', import.meta.url);
const slowWorker = new URL('../../fixtures/slow-worker.ts', import.meta.url);
const ROUNDS = 3;
const PATIENCE_MS = 60_000;

const numbers = (lines: readonly string[], verb: string): number[] =>
  lines.filter((line) => line.startsWith(`${verb} `)).map((line) => Number(line.slice(verb.length + 1)));

const count = (child: Child, line: string): number => child.lines.filter((each) => each === line).length;

let server: RedisServer;
let children: Child[];

beforeEach(async () => {
  server = await startRedis();
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await server.stop();
});

function start(file: URL, ...args: string[]): Child {
  const child = startTypeScript(file, [server.url, ...args]);
  children.push(child);
  return child;
}

/** Waits for what these processes say; that one ends by itself is a failure. */
async function until(condition: () => boolean, description: string): Promise<void> {
  const ended = () => children.find((child) => child.exit !== undefined && child.exit.signal !== 'SIGKILL');
  await eventually(() => condition() || ended() !== undefined, description, PATIENCE_MS);
  if (ended() !== undefined) throw new Error(`A worker ended by itself:\n${ended()?.output}`);
}

describe('the scheduler on BullMQ, when a worker is killed', () => {
  it('runs every promised job at least once', async () => {
    const promised: number[] = [];
    const ran = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = start(worker, String(round * 1_000_000));
      await until(() => numbers(child.lines, 'promised').length >= 60 + round * 31, 'the promises');
      await child.kill();
      promised.push(...numbers(child.lines, 'promised'));
      for (const number of numbers(child.lines, 'ran')) ran.add(number);
    }
    const left = promised.filter((number) => !ran.has(number));
    expect(left.length).toBeGreaterThan(0);
    const drain = start(worker, '0', 'drain');
    await until(() => {
      const more = new Set(numbers(drain.lines, 'ran'));
      return left.every((number) => more.has(number));
    }, 'what was left');
  }, 180_000);
});

describe('the scheduler on BullMQ, when a worker stands still for longer than its lock', () => {
  it.each([
    { end: 'succeeds', failures: '0' },
    { end: 'fails', failures: '2' },
  ])(
    'lets another one run its jobs, and bears that the first one $end at last',
    async ({ failures }) => {
      const scheduler = new BullScheduler({ settings: { url: server.url } });
      const queue = new Queue('work', { connection: new Redis(server.url), prefix: '{expacti:jobs}' });
      try {
        await scheduler.schedule('work', 'once', { maxAttempts: 1 });
        await scheduler.schedule('work', 'tick', { key: 'tick', everyMs: 300, maxAttempts: 1 });
        const stopped = start(slowWorker, failures);
        await until(() => count(stopped, 'began once') === 1 && count(stopped, 'began tick') === 1, 'the first runs');
        process.kill(stopped.pid ?? 0, 'SIGSTOP');
        const other = start(slowWorker);
        await until(() => count(other, 'ran once') === 1 && count(other, 'ran tick') >= 2, 'the takeover');
        process.kill(stopped.pid ?? 0, 'SIGCONT');
        const late = failures === '0' ? 'ran' : 'failed';
        await until(() => count(stopped, `${late} once`) === 1 && count(stopped, `${late} tick`) >= 1, 'the late end');
        const ticks = count(other, 'ran tick') + count(stopped, 'ran tick');
        await until(() => count(other, 'ran tick') + count(stopped, 'ran tick') >= ticks + 3, 'the repetition');
        // One repetition goes on, not two: each of two would always have a job, that of its next turn.
        await eventually(async () => {
          const counts = await queue.getJobCounts('active', 'delayed', 'waiting');
          return Object.values(counts).reduce((sum, each) => sum + each, 0) === 1;
        });
        // What the late one reported has undone nothing.
        expect(await scheduler.failed()).toEqual([]);
        expect(count(other, 'ran once')).toBe(1);
        expect(await scheduler.cancel('work', 'tick')).toBe(true);
      } finally {
        await queue.close();
        (await queue.getBackend().connection.client).disconnect();
        await scheduler.close();
      }
    },
    120_000,
  );
});
