import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DistributedSystem } from '../support/distributed-system.js';
import { CHAOS, choicesOf, last, rounds } from './chaos.js';
import { Pressing } from './pressing.js';
import { newAgent, newRule } from './probes.js';
import { decideMore, startSystem, withstand } from './withstand.js';

/** Longer than what a process holds for as long as it says so: leases (2 s), partitions (3 s), jobs (10 s). */
const STANDSTILL_MS = 12_000;

let system: DistributedSystem;
beforeAll(async () => {
  system = await startSystem({ replicas: { approvals: 2, audit: 2 } });
}, 120_000);
afterAll(() => system.remove(), 60_000);

describe('a process that stands still, and goes on as if it were still then', () => {
  // Under `make chaos` only, because of a known fault (docs/decisions/0012): while audit stands still for more than three
  // seconds, a gateway says NOT_FOUND of a command that a rule decided at the other one. It should say UNAVAILABLE.
  (CHAOS.isOn ? it : it.skip).each(rounds)(
    'does nothing twice: others have taken over what it held (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      await withstand(system, async (load) => {
        await decideMore(load, 50);
        const stopped = [...system.processesOf('approvals'), ...system.processesOf('audit')].filter(({ name }) =>
          name.endsWith('-1'),
        );
        await last(choices.below(300));
        for (const process of stopped) process.pause();
        try {
          const standstill = last(STANDSTILL_MS);
          // The others do not wait for it.
          await decideMore(load, 50);
          await standstill;
        } finally {
          for (const process of stopped) process.resume();
        }
        await decideMore(load, 50);
      });
    },
    240_000,
  );

  it.each(rounds)(
    'loses nothing where it was the only one of its kind (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      await withstand(system, async (load) => {
        await decideMore(load, 50);
        await last(choices.below(300));
        const stopped = [...system.processesOf('policy'), ...system.processesOf('identity')];
        for (const process of stopped) process.pause();
        try {
          await last(STANDSTILL_MS / 2);
        } finally {
          for (const process of stopped) process.resume();
        }
        await decideMore(load, 50);
      });
    },
    240_000,
  );
});

describe('a gateway that stands still while the rules are tightened at another one', () => {
  it.each([1, 2, 3])(
    'allows nothing by the old rules when it goes on (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      const [, second] = system.processesOf('gateway');
      if (!second) throw new Error('there is no second gateway');
      const command = `echo tighten-${round}`;
      await newRule(system, 'allow', command);
      const token = await newAgent(system, `tighten ${round}`);
      const pressing = await Pressing.start(second.url, token, command);
      await pressing.more(50 + choices.below(100));
      second.pause();
      const stopped = Date.now();
      let tightened: number;
      try {
        await newRule(system, 'deny', command);
        tightened = performance.now();
        pressing.submitMore();
      } finally {
        second.resume();
      }
      await pressing.more(100);
      const later = await pressing.end(tightened);
      const allowed = later.filter(({ outcome, receipt }) => outcome === 'allowed' || receipt !== undefined);
      // No process can look at a lease and write to a socket in one step: one answer, which was recorded before it was
      // stopped, may have been on its way out already.
      expect(allowed.length).toBeLessThanOrEqual(1);
      for (const { decided_at } of allowed) expect(Date.parse(decided_at)).toBeLessThanOrEqual(stopped);
      // It did go on, and came to know the rule.
      expect(later.some(({ outcome }) => outcome === 'denied')).toBe(true);
    },
    60_000,
  );
});
