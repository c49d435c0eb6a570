import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Backoff } from './backoff.js';
import type { Job, Scheduler } from './scheduler.js';

/** How time passes for an adapter under test: a fake clock is told to go on, the real one goes by itself. */
export interface TestTime {
  now(): number;
  /** Lets a little time pass; at most about `ms`. */
  advance(ms: number): void | Promise<void>;
  /** How many milliseconds the suite takes for a second, which is also the first pause after a failure. */
  readonly second: number;
  /** How late a job may run on a busy machine, in milliseconds. */
  readonly latestMs: number;
}

/** One adapter under test, with the pauses that `backoffOf` its time gives and without randomness (jitter at its longest). */
export interface SchedulerUnderTest {
  readonly scheduler: Scheduler;
  readonly time: TestTime;
  /** Closes the scheduler and opens another one on the same storage, as a restart does. */
  restart(): Promise<Scheduler>;
  dispose(): Promise<void>;
}

export const backoffOf = ({ second }: TestTime): Backoff => ({ firstPauseMs: second, longestPauseMs: 900 * second });

/** Of real time: a busy machine is slow, not wrong. */
const PATIENCE_MS = 20_000;

/** What every `Scheduler` must do, whatever is behind it. */
export function schedulerContract(name: string, makeScheduler: () => Promise<SchedulerUnderTest>): void {
  describe(`${name}, as a scheduler`, () => {
    let under: SchedulerUnderTest;
    let scheduler: Scheduler;
    let start: number;
    let second: number;

    beforeEach(async () => {
      under = await makeScheduler();
      scheduler = under.scheduler;
      start = under.time.now();
      second = under.time.second;
    });

    afterEach(() => under.dispose());

    /** Handles `work` jobs, failing the first `failures` of them, and writes down what ran when. */
    const record = async (failures = 0): Promise<{ at: number; job: Job }[]> => {
      const runs: { at: number; job: Job }[] = [];
      let left = failures;
      await scheduler.handle('work', async (job) => {
        runs.push({ at: under.time.now() - start, job });
        if (left > 0) {
          left -= 1;
          throw new Error('not now');
        }
      });
      return runs;
    };

    /** Lets time pass in small steps, by default a tenth of a second, until the condition holds. */
    const pass = (condition: () => boolean | Promise<boolean>, step = 0.1) =>
      eventually(
        async () => {
          if (await condition()) return true;
          await under.time.advance(step * second);
          for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          return false;
        },
        'what the test waits for',
        PATIENCE_MS,
      );

    it('runs a job at once, with a copy of its payload', async () => {
      const runs = await record();
      const payload = { text: 'é', list: [1, null] };
      const id = await scheduler.schedule('work', payload);
      await eventually(() => runs.length === 1);
      expect(runs[0]?.job).toEqual({ id, name: 'work', payload, dueAt: expect.any(Number), attempt: 1 });
      expect(runs[0]?.job.dueAt).toBeGreaterThanOrEqual(start);
      expect(runs[0]?.job.dueAt).toBeLessThanOrEqual(under.time.now());
      expect(runs[0]?.job.payload).not.toBe(payload);
    });

    it('runs a job at its time and not before', async () => {
      const runs = await record();
      await scheduler.schedule('work', 'later', { at: start + 5 * second });
      await scheduler.schedule('work', 'sooner', { at: start + 2 * second });
      await pass(() => runs.length === 2);
      expect(runs.map(({ job }) => job.payload)).toEqual(['sooner', 'later']);
      expect(runs[0]?.at).toBeGreaterThanOrEqual(2 * second);
      expect(runs[1]?.at).toBeGreaterThanOrEqual(5 * second);
      expect(runs[1]?.at).toBeLessThan(5 * second + under.time.latestMs);
    });

    it('gives each name its own handler, and lets a name wait for its handler', async () => {
      const seen: string[] = [];
      await scheduler.schedule('one', 1);
      await scheduler.schedule('two', 2);
      await scheduler.handle('two', async () => void seen.push('two'));
      await eventually(() => seen.length === 1);
      await scheduler.handle('one', async () => void seen.push('one'));
      await eventually(() => seen.length === 2);
      expect(seen).toEqual(['two', 'one']);
      await expect(scheduler.handle('one', async () => undefined)).rejects.toThrow(/already/);
    });

    it('tries a failing job again, later and later, and does it once in the end', async () => {
      const runs = await record(3);
      await scheduler.schedule('work', {});
      await pass(() => runs.length === 4);
      expect(runs.map(({ job }) => job.attempt)).toEqual([1, 2, 3, 4]);
      const pauses = runs.slice(1).map(({ at }, index) => at - (runs[index]?.at ?? 0));
      expect(pauses[0]).toBeGreaterThanOrEqual(second);
      expect(pauses[1]).toBeGreaterThanOrEqual(2 * second);
      expect(pauses[2]).toBeGreaterThanOrEqual(4 * second);
      expect(await scheduler.failed()).toEqual([]);
    });

    it('keeps a job that failed as often as it may, until it is retried', async () => {
      const runs = await record(2);
      const id = await scheduler.schedule('work', { n: 1 }, { maxAttempts: 2 });
      await pass(async () => (await scheduler.failed('work')).length === 1);
      expect(await scheduler.failed()).toMatchObject([
        { id, name: 'work', payload: { n: 1 }, attempts: 2, error: 'Error: not now' },
      ]);
      expect(await scheduler.failed('other')).toEqual([]);
      expect(await scheduler.retry(id)).toBe(true);
      await eventually(() => runs.length === 3);
      expect(runs[2]?.job.attempt).toBe(1);
      await eventually(async () => !(await scheduler.retry(id)));
      expect(await scheduler.failed()).toEqual([]);
    });

    it('keeps one waiting job for a key and moves it', async () => {
      const id = await scheduler.schedule('work', 'old', { key: 'k', at: start + second });
      const moved = await scheduler.schedule('work', 'new', { key: 'k', at: start + 3 * second });
      await scheduler.schedule('work', 'another', { key: 'other', at: start + second });
      expect(moved).toBe(id);
      const runs = await record();
      await pass(() => runs.length === 2);
      expect(runs.map(({ job }) => job.payload)).toEqual(['another', 'new']);
    });

    it('makes one job of many schedulings of a key at once', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => scheduler.schedule('work', n, { key: 'k' })));
      expect(new Set(ids).size).toBe(1);
    });

    it('runs again what was rescheduled while it ran', async () => {
      const seen: unknown[] = [];
      await scheduler.handle('work', async (job) => {
        seen.push(job.payload);
        if (job.payload === 'first') await scheduler.schedule('work', 'second', { key: 'k' });
      });
      await scheduler.schedule('work', 'first', { key: 'k' });
      await pass(() => seen.length === 2);
      expect(seen).toEqual(['first', 'second']);
    });

    it('does not bring back a failing run that was rescheduled meanwhile', async () => {
      const runs: { at: number; job: Job }[] = [];
      await scheduler.handle('work', async (job) => {
        runs.push({ at: under.time.now(), job });
        if (job.payload !== 'first') return;
        await scheduler.schedule('work', 'second', { key: 'k', at: under.time.now() + 3 * second });
        throw new Error('not now');
      });
      await scheduler.schedule('work', 'first', { key: 'k' });
      const probe: number[] = [];
      await scheduler.handle('probe', async () => void probe.push(1));
      await pass(() => runs.length === 2);
      await scheduler.schedule('probe', {}, { at: under.time.now() + 2 * second });
      await pass(() => probe.length === 1);
      expect(runs.map(({ job }) => [job.payload, job.attempt])).toEqual([
        ['first', 1],
        ['second', 1],
      ]);
      expect((runs[1]?.at ?? 0) - (runs[0]?.at ?? 0)).toBeGreaterThanOrEqual(3 * second);
    });

    it('moves a job that waits for its next attempt, and counts its attempts afresh', async () => {
      const runs = await record(1);
      const id = await scheduler.schedule('work', 'old', { key: 'k' });
      await pass(() => runs.length === 1);
      expect(await scheduler.schedule('work', 'new', { key: 'k', at: start + 4 * second })).toBe(id);
      await pass(() => runs.length === 2);
      expect(runs[1]?.job).toMatchObject({ id, payload: 'new', attempt: 1 });
      expect(runs[1]?.at).toBeGreaterThanOrEqual(4 * second);
      await eventually(async () => !(await scheduler.cancel('work', 'k')));
      expect(await scheduler.failed()).toEqual([]);
    });

    it('retries a failed job of a key, unless another job of that key waits', async () => {
      const runs = await record(1);
      await scheduler.schedule('work', 'moved', { key: 'k', at: start + 600 * second });
      await scheduler.schedule('work', 'failing', { key: 'k', maxAttempts: 1 });
      await pass(async () => (await scheduler.failed()).length === 1);
      const id = (await scheduler.failed())[0]?.id ?? '';
      await scheduler.schedule('work', 'another', { key: 'k', at: start + 600 * second });
      expect(await scheduler.retry(id)).toBe(false);
      expect(await scheduler.cancel('work', 'k')).toBe(true);
      expect(await scheduler.retry(id)).toBe(true);
      await pass(() => runs.length === 2);
      expect(runs.map(({ job }) => job.payload)).toEqual(['failing', 'failing']);
      expect(await scheduler.retry('job_unknown')).toBe(false);
    });

    it('forgets a cancelled job, also one that would have failed again', async () => {
      await scheduler.schedule('work', 1, { key: 'k', at: start + second });
      expect(await scheduler.cancel('work', 'k')).toBe(true);
      expect(await scheduler.cancel('work', 'k')).toBe(false);
      let tries = 0;
      await scheduler.handle('work', async () => {
        tries += 1;
        await scheduler.cancel('work', 'again');
        throw new Error('no');
      });
      await scheduler.schedule('work', 2, { key: 'again' });
      await eventually(() => tries === 1);
      const probe: number[] = [];
      await scheduler.handle('probe', async () => void probe.push(1));
      await scheduler.schedule('probe', {}, { at: start + 5 * second });
      await pass(() => probe.length === 1);
      expect(tries).toBe(1);
    });

    it('repeats a job after each run, also after failing ones, until it is cancelled', async () => {
      const runs = await record(2);
      await scheduler.schedule('work', 'tick', { key: 'tick', everyMs: 10 * second, maxAttempts: 2 });
      await pass(() => runs.length === 4, 0.5);
      expect(runs.map(({ job }) => job.attempt)).toEqual([1, 2, 1, 1]);
      expect((runs[3]?.at ?? 0) - (runs[2]?.at ?? 0)).toBeGreaterThanOrEqual(10 * second);
      expect(await scheduler.failed()).toHaveLength(1);
      expect(await scheduler.cancel('work', 'tick')).toBe(true);
    });

    it('ends the repetition of a job that is cancelled while it runs', async () => {
      const seen: unknown[] = [];
      await scheduler.handle('work', async ({ payload }) => {
        seen.push(payload);
        await scheduler.cancel('work', 'tick');
      });
      await scheduler.schedule('work', 'tick', { key: 'tick', everyMs: second });
      await pass(() => seen.length === 1);
      await scheduler.schedule('work', 'probe', { at: under.time.now() + 3 * second });
      await pass(() => seen.length > 1);
      expect(seen).toEqual(['tick', 'probe']);
    });

    it('retries a failed turn of a repeating job once, beside its repetition', async () => {
      const runs = await record(1);
      await scheduler.schedule('work', 'tick', { key: 'tick', everyMs: 200 * second, maxAttempts: 1 });
      await pass(async () => (await scheduler.failed()).length === 1);
      expect(await scheduler.retry((await scheduler.failed())[0]?.id ?? '')).toBe(true);
      await pass(() => runs.length === 2);
      expect(runs[1]?.at).toBeLessThan(200 * second);
      await eventually(async () => (await scheduler.failed()).length === 0);
      expect(await scheduler.cancel('work', 'tick')).toBe(true);
      expect(await scheduler.cancel('work', 'tick')).toBe(false);
    });

    it('remembers everything over a restart, with the count of attempts', async () => {
      let tries = 0;
      await scheduler.handle('work', async () => {
        tries += 1;
        throw new Error('down');
      });
      await scheduler.schedule('work', 'failing');
      await scheduler.schedule('work', 'later', { at: start + 30 * second });
      await eventually(() => tries === 1);
      scheduler = await under.restart();
      const runs = await record();
      await pass(() => runs.length === 2, 1);
      expect(runs.map(({ job }) => [job.payload, job.attempt])).toEqual([
        ['failing', 2],
        ['later', 1],
      ]);
    });

    it('waits for what runs when it is closed, and starts nothing more', async () => {
      let end: (() => void) | undefined;
      let isDone = false;
      await scheduler.handle('work', async () => {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        isDone = true;
      });
      await scheduler.schedule('work', 1);
      const finishRun = (await eventually(() => end)) as () => void;
      const closing = scheduler.close();
      finishRun();
      await closing;
      expect(isDone).toBe(true);
    });

    it('refuses senseless options', async () => {
      await expect(scheduler.schedule('work', 1, { everyMs: 0 })).rejects.toThrow(/everyMs/);
      await expect(scheduler.schedule('work', 1, { everyMs: Number.POSITIVE_INFINITY })).rejects.toThrow(/everyMs/);
      await expect(scheduler.schedule('work', 1, { maxAttempts: 0 })).rejects.toThrow(/maxAttempts/);
      await expect(scheduler.schedule('work', 1, { maxAttempts: 1.5 })).rejects.toThrow(/maxAttempts/);
      await expect(scheduler.schedule('work', 1, { at: Number.NaN })).rejects.toThrow(/at must be/);
    });
  });
}
