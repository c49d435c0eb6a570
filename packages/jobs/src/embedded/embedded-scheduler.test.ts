import {
  eventually,
  FakeClock,
  type PostgresServer,
  startPostgres,
  type TemporaryDatabase,
  temporaryDatabase,
} from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pauseAfterFailure } from '../backoff.js';
import type { JobTrouble } from '../job-trouble.js';
import { jobsEntities, jobsMigrations } from '../jobs-schema.js';
import { schedulerContract } from '../scheduler.contract-test.js';
import { EmbeddedScheduler, type EmbeddedSchedulerOptions } from './embedded-scheduler.js';
import { JobRow } from './job-row.js';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

const random = () => 0.999;

describe.each(['SQLite', 'PostgreSQL'])('on %s', (engine) => {
  const open = () =>
    temporaryDatabase({
      entities: jobsEntities,
      migrations: jobsMigrations,
      postgres: engine === 'PostgreSQL' ? server : undefined,
    });

  schedulerContract('the embedded scheduler', async () => {
    const storage = await open();
    const clock = new FakeClock();
    let scheduler = new EmbeddedScheduler({ database: storage.database, clock, random });
    // The clock goes on while the server answers, as no real one would: late by the clock is not late then.
    const latestMs = engine === 'PostgreSQL' ? 60_000 : 2_000;
    const time = { now: () => clock.now(), advance: (ms: number) => clock.advance(ms), second: 1_000, latestMs };
    return {
      scheduler,
      time,
      restart: async () => {
        await scheduler.close();
        scheduler = new EmbeddedScheduler({ database: await storage.reopen(), clock, random });
        return scheduler;
      },
      dispose: async () => {
        await scheduler.close();
        await storage.remove();
      },
    };
  });

  describe('the embedded scheduler', () => {
    let storage: TemporaryDatabase;
    const schedulers: EmbeddedScheduler[] = [];
    const started = (options: Partial<EmbeddedSchedulerOptions> = {}): EmbeddedScheduler => {
      const scheduler = new EmbeddedScheduler({ database: storage.database, ...options });
      schedulers.push(scheduler);
      return scheduler;
    };

    beforeEach(async () => {
      storage = await open();
    });

    afterEach(async () => {
      await Promise.all(schedulers.splice(0).map((scheduler) => scheduler.close()));
      await storage.remove();
    });

    it('runs many jobs, sixteen at a time, each once', async () => {
      const scheduler = started({ clock: new FakeClock() });
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
    });

    it('says what went wrong, and why', async () => {
      const clock = new FakeClock();
      const told: JobTrouble[] = [];
      const scheduler = started({ clock, random, report: (trouble) => told.push(trouble) });
      await scheduler.handle('work', async () => {
        throw new Error('no luck');
      });
      await scheduler.schedule('work', {}, { maxAttempts: 2 });
      await eventually(() => {
        clock.advance(1_000);
        return told.length === 2;
      });
      expect(told.map(({ kind }) => kind)).toEqual(['job_failed', 'job_given_up']);
    });

    it('loses no job and no rescheduling where two work on the same table', async () => {
      const clock = new FakeClock();
      const seen = new Set<unknown>();
      const both = [started({ clock }), started({ clock })] as const;
      for (const one of both) await one.handle('work', async ({ payload }) => void seen.add(payload));
      const runs = (payload: unknown) =>
        eventually(() => {
          clock.advance(1_000);
          return seen.has(payload);
        }, `${payload} to run`);
      const plain = Array.from({ length: 40 }, (_, n) => both[n % 2 === 0 ? 0 : 1].schedule('work', `plain ${n}`));
      for (let round = 0; round < 15; round += 1) {
        const moves = [0, 1, 2, 3].map((n) =>
          both[n % 2 === 0 ? 0 : 1].schedule('work', `${round}.${n}`, { key: 'k' }),
        );
        await Promise.all(moves);
        await both[0].schedule('work', `${round} last`, { key: 'k' });
        await runs(`${round} last`);
      }
      await Promise.all(plain);
      for (let n = 0; n < 40; n += 1) await runs(`plain ${n}`);
      await eventually(async () => {
        const left = await storage.database.read((manager) => manager.count(JobRow));
        return left === 0;
      }, 'the table to be empty');
    });
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
