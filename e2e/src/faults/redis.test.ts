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
const REFUSED = /^(UNAVAILABLE|lost)$/;

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

const lapsed = (found: readonly string[] | null) =>
  ['policy lease', 'identity lease'].every((name) => found?.includes(name));

/** Under load and with probes, which find everything as before in the end; no process is restarted meanwhile. */
async function breakRedis(during: (probes: Probes) => Promise<void>): Promise<void> {
  const pids = pidsOf(system);
  await withstand(system, async (load) => {
    await decideMore(load, 50);
    await Probes.use(system, async (probes) => {
      await during(probes);
      await decideMore(load, 50);
      await probes.areServedAgain();
      await comesTrue(() => areRecorded(system, probes.allowed), 'a record of everything that was allowed');
    });
  });
  await comesTrue(() => areReady(system), 'every process ready again');
  expect(pidsOf(system)).toEqual(pids);
}

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
      await breakRedis(async (probes) => {
        system.redis.pause();
        const from = performance.now();
        try {
          const told = system.urls.map(async (url) => {
            await comesTrue(async () => lapsed(await troubles(url)), 'a gateway that is not ready');
            return performance.now() - from;
          });
          await last(PAUSE_MS);
          const meanwhile = probes.all.flatMap((probe) => probe.within(from, performance.now()));
          for (const ms of await Promise.all(told)) expect(ms).toBeLessThan(TOLD_WITHIN_MS);
          expect(meanwhile.length).toBeGreaterThan(0);
          for (const { outcome, isRetryable } of meanwhile)
            expect([outcome, isRetryable]).toEqual([expect.stringMatching(REFUSED), true]);
        } finally {
          system.redis.resume();
        }
      });
    },
    240_000,
  );

  it.each(rounds)(
    'by being full, what cannot be recorded is not allowed, and it drains when there is room again (round %i)',
    async () => {
      await breakRedis(async (probes) => {
        // Less than an empty server uses: trimming what everybody has read cannot make room.
        await limitMemory(1);
        const from = performance.now();
        try {
          const areAnswered = () => probes.all.every((probe) => probe.within(from, performance.now()).length >= 3);
          await comesTrue(areAnswered, 'answers by every gateway');
          // Questions between services need so little room that they still pass: what waits for people is in the database.
          for (const { outcome } of probes.all.flatMap((probe) => probe.within(from, performance.now())))
            expect(outcome).toMatch(/^(UNAVAILABLE|lost|pending|TOO_MANY_PENDING)$/);
        } finally {
          await limitMemory(0);
        }
      });
    },
    240_000,
  );
});
