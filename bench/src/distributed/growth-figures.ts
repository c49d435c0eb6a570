import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure, quantile } from '../figure.js';
import { machineFacts } from '../machine-facts.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keepInFlight } from '../support/in-flight.js';
import { SHELL_TOKEN } from '../support/measured-server.js';
import { machineTime } from './machine-time.js';
import { submitWhitelisted } from './whitelist.js';
import { sockets } from './whitelisted-figures.js';

const ROUNDS = 4;
const IN_FLIGHT = 64;
const SUSTAINED_MS = 3_000;
const SETTLE_MS = 1_500;

/** What a second gateway adds where all of it shares one machine. */
export async function growthFigures(system: DistributedSystem): Promise<Figure[]> {
  const bySystem = await Promise.all(system.gatewayUrls.map((url) => sockets(url, SHELL_TOKEN)));
  const rates: Record<'one' | 'both', number[]> = { one: [], both: [] };
  const busy: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const width of ['one', 'both'] as const) {
      const used = width === 'one' ? bySystem.slice(0, 1) : bySystem;
      const submit = (lane: number) => {
        const ofGateway = used[lane % used.length] ?? [];
        return submitWhitelisted(ofGateway[Math.floor(lane / used.length) % ofGateway.length]);
      };
      const before = machineTime();
      const { done, ms } = await keepInFlight(IN_FLIGHT, SUSTAINED_MS, submit);
      const after = machineTime();
      await sleep(SETTLE_MS);
      // The first round warms the second gateway up.
      if (round === 0) continue;
      rates[width].push((done * 1_000) / ms);
      if (width === 'both') busy.push(((after.busy - before.busy) * 1_000) / ms);
    }
  for (const socket of bySystem.flat()) socket.close();
  return [
    figure({
      name: `distributed: decisions per second, two gateways, ${IN_FLIGHT} in flight`,
      value: quantile(rates.both, 0.5),
      unit: '/s',
      floor: quantile(rates.one, 0.5),
      floorName: 'the same system with all agents at one of its two gateways',
    }),
    figure({
      name: 'distributed: busy cores meanwhile, whoever uses them',
      value: quantile(busy, 0.5),
      unit: 'cores',
      floor: machineFacts().cores,
      floorName: 'all cores of the machine',
    }),
  ];
}
