import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { DistributedSystem } from '../support/distributed-system.js';
import { choicesOf, last, rounds } from './chaos.js';
import { Probes } from './probes.js';
import { areReady, pidsOf, troubles } from './readiness.js';
import { areRecorded } from './recorded.js';
import { comesTrue, decideMore, startSystem, withstand } from './withstand.js';

const PAUSE_MS = 10_000;
/** A lease of two seconds, and up to two more for a report on what does not answer; the rest is a busy machine's. */
const TOLD_WITHIN_MS = 2_000 + 2_000 + 1_500;

let system: DistributedSystem;
beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(() => system.remove(), 60_000);

async function inRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(system.redis.url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

const limitMemory = (bytes: number) => inRedis((redis) => redis.config('SET', 'maxmemory', String(bytes)));

const memoryUsed = async (): Promise<number> =>
  Number(/^used_memory:(\d+)/m.exec(await inRedis((redis) => redis.info('memory')))?.[1]);

const lapsed = (found: readonly string[] | null) =>
  ['policy lease', 'identity lease'].every((name) => found?.includes(name));

describe('when Redis breaks under 50 agents and 5 reviewers', () => {
  it.each(rounds)(
    'by kill -9, a moment later everything goes on as if nothing had been (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      const pids = pidsOf(system);
      await withstand(system, async (load) => {
        for (let kills = 0; kills < 2; kills += 1) {
          await decideMore(load, 50);
          await last(choices.below(500));
          await system.redis.kill();
          await last(choices.below(1_500));
          await system.redis.restart();
        }
        await decideMore(load, 50);
      });
      expect(pidsOf(system)).toEqual(pids);
    },
    240_000,
  );

  it.each(rounds)(
    'by standing still, nothing is allowed meanwhile, every gateway says so in time, and it drains afterwards (round %i)',
    async () => {
      const pids = pidsOf(system);
      await withstand(system, async (load) => {
        await decideMore(load, 50);
        const probes = await Probes.start(system);
        await comesTrue(() => probes.areServed, 'answers to the probes');
        system.redis.pause();
        const from = performance.now();
        try {
          const pause = last(PAUSE_MS);
          const told = Promise.all(
            system.urls.map(async (url) => {
              await comesTrue(async () => lapsed(await troubles(url)), 'a gateway that is not ready');
              return performance.now() - from;
            }),
          );
          await pause;
          const to = performance.now();
          for (const { outcome, isRetryable } of probes.all.flatMap((probe) => probe.within(from, to)))
            expect([outcome, isRetryable]).toEqual([expect.not.stringMatching(/^(allowed|denied|pending)$/), true]);
          for (const ms of await told) expect(ms).toBeLessThan(TOLD_WITHIN_MS);
          // Somebody did ask, and was answered.
          expect(probes.routine.flatMap((probe) => probe.within(from, to)).length).toBeGreaterThan(0);
        } finally {
          system.redis.resume();
        }
        await decideMore(load, 50);
        const since = performance.now();
        await comesTrue(() => probes.areServedSince(since), 'answers to the probes');
        await probes.stop();
        await comesTrue(() => areRecorded(system, probes.allowed), 'a record of everything that was allowed');
      });
      await comesTrue(() => areReady(system), 'every process ready again');
      expect(pidsOf(system)).toEqual(pids);
    },
    240_000,
  );

  it.each(rounds)(
    'by being full, what cannot be recorded is not allowed, and it drains when there is room again (round %i)',
    async () => {
      const pids = pidsOf(system);
      await withstand(system, async (load) => {
        await decideMore(load, 50);
        const probes = await Probes.start(system);
        // Less than what is used, so that trimming what everybody has read cannot make room.
        await limitMemory(Math.floor((await memoryUsed()) / 2));
        try {
          const refused = () => probes.routine.every(({ answers }) => answers.at(-1)?.outcome === 'UNAVAILABLE');
          await comesTrue(refused, 'a refusal by every gateway');
          await comesTrue(
            async () => (await Promise.all(system.urls.map(troubles))).every(lapsed),
            'every gateway saying that it is not ready',
          );
        } finally {
          await limitMemory(0);
        }
        await decideMore(load, 50);
        const since = performance.now();
        await comesTrue(() => probes.areServedSince(since), 'answers to the probes');
        await probes.stop();
        await comesTrue(() => areRecorded(system, probes.allowed), 'a record of everything that was allowed');
        for (const { outcome, isRetryable } of probes.all.flatMap(({ answers }) => answers))
          if (!['allowed', 'denied', 'pending'].includes(outcome))
            expect([outcome, isRetryable]).toEqual([outcome, true]);
      });
      await comesTrue(() => areReady(system), 'every process ready again');
      expect(pidsOf(system)).toEqual(pids);
    },
    240_000,
  );
});
