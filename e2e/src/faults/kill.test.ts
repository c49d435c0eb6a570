import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DistributedSystem } from '../support/distributed-system.js';
import { choicesOf, last, rounds } from './chaos.js';
import { decideMore, startSystem, withstand } from './withstand.js';

let system: DistributedSystem;
beforeAll(async () => {
  system = await startSystem({ replicas: { approvals: 2, audit: 2 } });
}, 120_000);
afterAll(() => system.remove(), 60_000);

describe('kill -9 of each process in turn while 50 agents and 5 reviewers are at work', () => {
  it.each(rounds)(
    'leaves every command with one outcome and everything on record once (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      const { figures } = await withstand(
        system,
        async (load) => {
          await decideMore(load, 100);
          for (const victim of choices.shuffled(system.processes)) {
            await last(choices.below(500));
            await victim.kill();
            await last(choices.below(500));
            await victim.launch();
          }
          await decideMore(load, 100);
        },
        { seed: choices.below(2 ** 31) },
      );
      // It was felt: both gateways took sockets with them.
      expect(figures.reconnections).toBeGreaterThan(0);
    },
    300_000,
  );
});
