import { join } from 'node:path';
import { type Database, openDatabase } from '@expacti/persistence';
import { eventually, FakeClock, temporaryFolder } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pauseAfterFailure } from '../backoff.js';
import type { JobTrouble } from '../job-trouble.js';
import { jobsEntities, jobsMigrations } from '../jobs-schema.js';
import { schedulerContract } from '../scheduler.contract-test.js';
import { EmbeddedScheduler } from './embedded-scheduler.js';

const open = (folder: string): Promise<Database> =>
  openDatabase({ url: `sqlite:${join(folder, 'jobs.db')}`, entities: jobsEntities, migrations: jobsMigrations });

const random = () => 0.999;

schedulerContract('the embedded scheduler', async () => {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  let database = await open(folder.path);
  let scheduler = new EmbeddedScheduler({ database, clock, random });
  const time = { now: () => clock.now(), advance: (ms: number) => clock.advance(ms), second: 1_000, latestMs: 2_000 };
  return {
    scheduler,
    time,
    restart: async () => {
      await scheduler.close();
      await database.close();
      database = await open(folder.path);
      scheduler = new EmbeddedScheduler({ database, clock, random });
      return scheduler;
    },
    dispose: async () => {
      await scheduler.close();
      await database.close();
      folder.remove();
    },
  };
});

describe('the embedded scheduler', () => {
  it('runs many jobs, sixteen at a time, each once', async () => {
    const folder = temporaryFolder();
    const database = await open(folder.path);
    const scheduler = new EmbeddedScheduler({ database, clock: new FakeClock() });
    const seen: unknown[] = [];
    let running = 0;
    let most = 0;
    await scheduler.handle('work', async ({ payload }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      seen.push(payload);
    });
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    await Promise.all(numbers.map((number) => scheduler.schedule('work', number)));
    await eventually(() => seen.length === 200);
    expect(new Set(seen).size).toBe(200);
    expect(most).toBeLessThanOrEqual(16);
    await scheduler.close();
    await database.close();
    folder.remove();
  });

  it('says what went wrong, and why', async () => {
    const folder = temporaryFolder();
    const database = await open(folder.path);
    const clock = new FakeClock();
    const told: JobTrouble[] = [];
    const scheduler = new EmbeddedScheduler({ database, clock, random, report: (trouble) => told.push(trouble) });
    await scheduler.handle('work', async () => {
      throw new Error('no luck');
    });
    await scheduler.schedule('work', {}, { maxAttempts: 2 });
    await eventually(() => {
      clock.advance(1_000);
      return told.length === 2;
    });
    expect(told.map(({ kind }) => kind)).toEqual(['job_failed', 'job_given_up']);
    await scheduler.close();
    await database.close();
    folder.remove();
  });
});

describe('the pause after a failure', () => {
  it('doubles up to a quarter of an hour, and scatters over its upper half', () => {
    expect([1, 2, 3, 11, 100].map((failures) => pauseAfterFailure(failures, 0))).toEqual([
      500, 1_000, 2_000, 450_000, 450_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, part) => {
          const pause = pauseAfterFailure(failures, part);
          const longest = Math.min(1_000 * 2 ** (failures - 1), 900_000);
          expect(pause).toBeGreaterThanOrEqual(longest / 2);
          expect(pause).toBeLessThanOrEqual(longest);
        },
      ),
    );
  });
});
