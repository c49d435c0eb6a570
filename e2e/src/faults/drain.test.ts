import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from '../support/agent.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import type { ServiceProcess } from '../support/service-process.js';
import { choicesOf, last, rounds } from './chaos.js';
import { newAgent, Probes } from './probes.js';
import { areRecorded } from './recorded.js';
import { comesTrue, decideMore, startSystem, withstand } from './withstand.js';

/**
 * What an agent may notice of a restart: it connects elsewhere. Between one and three seconds were seen on a machine with ten
 * times as many processes at work as cores.
 */
const SHORT_PAUSE_MS = 10_000;
/** "Going away": connect again, and reach another one. */
const GOING_AWAY = 1001;

let system: DistributedSystem;
beforeAll(async () => {
  const two = { identity: 2, policy: 2, approvals: 2, audit: 2, recording: 2, gateway: 2 };
  system = await startSystem({ replicas: two });
}, 120_000);
afterAll(() => system.remove(), 60_000);

/** Both gateways, as agents go from one to the other, and one of each two workers, which are alike. */
const toRestart = () => system.processes.filter(({ service, name }) => service === 'gateway' || name.endsWith('-1'));

async function restart(process: ServiceProcess): Promise<void> {
  const code = await process.stop();
  expect(`${process.name} ended with ${code}`).toBe(`${process.name} ended with 0`);
  await process.launch();
}

describe('SIGTERM to one process after the other while 50 agents and 5 reviewers are at work', () => {
  it.each(rounds)(
    'loses nothing: what was begun is finished, agents go on at the other gateway, each process ends well (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      const idle = await newAgent(system, `idle ${round}`);
      await withstand(system, async (load) => {
        await decideMore(load, 50);
        await Probes.use(system, async (probes) => {
          for (const process of choices.shuffled(toRestart())) {
            await last(choices.below(300));
            const agent = process.service === 'gateway' ? await Agent.connect(process.url, idle) : undefined;
            await restart(process);
            if (agent) expect(await agent.closed()).toBe(GOING_AWAY);
          }
          await decideMore(load, 50);
          await probes.areServedAgain();
          for (const { longestPause } of probes.all) expect(longestPause).toBeLessThan(SHORT_PAUSE_MS);
          await comesTrue(() => areRecorded(system, probes.allowed), 'a record of everything that was allowed');
        });
      });
    },
    420_000,
  );
});
