import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DistributedSystem } from '../support/distributed-system.js';
import { choicesOf, last, rounds } from './chaos.js';
import type { Load } from './load.js';
import type { Probe } from './probe.js';
import { Probes } from './probes.js';
import { areReady, pidsOf } from './readiness.js';
import { areRecorded } from './recorded.js';
import { comesTrue, decideMore, startSystem, withstand } from './withstand.js';

const PAUSE_MS = 10_000;

let system: DistributedSystem;
beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(() => system.remove(), 60_000);

/** Under load and with probes, which find everything as before in the end; no process is restarted meanwhile. */
async function breakDatabase(during: (load: Load, probes: Probes) => Promise<void>): Promise<void> {
  const pids = pidsOf(system);
  await withstand(system, async (load) => {
    await decideMore(load, 50);
    await Probes.use(system, async (probes) => {
      await during(load, probes);
      await decideMore(load, 50);
      await probes.areServedAgain();
      await comesTrue(() => areRecorded(system, probes.allowed), 'a record of everything that was allowed');
    });
  });
  await comesTrue(() => areReady(system), 'every process ready again');
  expect(pidsOf(system)).toEqual(pids);
}

describe('when PostgreSQL breaks under 50 agents and 5 reviewers', () => {
  it.each(rounds)(
    'by a restart or by kill -9, everything goes on a moment later (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      await breakDatabase(async (load) => {
        await last(choices.below(500));
        await system.postgres.restart();
        await decideMore(load, 50);
        await last(choices.below(500));
        await system.postgres.kill();
        await last(choices.below(1_500));
        await system.postgres.restart();
      });
    },
    240_000,
  );

  it.each(rounds)(
    'by standing still, what people decide is refused meanwhile, and everything goes on afterwards (round %i)',
    async () => {
      await breakDatabase(async (_load, probes) => {
        await system.postgres.pause();
        const from = performance.now();
        try {
          await last(PAUSE_MS);
          const isRefused = (probe: Probe) => probe.within(from, performance.now()).length > 0;
          await comesTrue(() => probes.held.every(isRefused), 'word of every gateway');
          const to = performance.now();
          for (const { outcome, isRetryable } of probes.held.flatMap((probe) => probe.within(from, to)))
            expect([outcome, isRetryable]).toEqual([expect.stringMatching(/^(UNAVAILABLE|lost)$/), true]);
          // What a rule allows needs the bus only: it is answered as before, or refused, and nothing in between.
          for (const { outcome } of probes.routine.flatMap((probe) => probe.within(from, to)))
            expect(outcome).toMatch(/^(allowed|UNAVAILABLE|lost)$/);
        } finally {
          await system.postgres.resume();
        }
      });
    },
    240_000,
  );
});
