import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure, quantile } from '../figure.js';
import { machineFacts } from '../machine-facts.js';
import { randomNumbers } from '../random-numbers.js';
import { type OneMachine, oneMachine } from '../scale/check/one-machine.js';
import type { MeasuredCosts } from '../scale/measured-costs.js';
import { AgentSocket } from '../support/agent-socket.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keepInFlight } from '../support/in-flight.js';
import { MEASURED_KINDS, usageOf } from './kind-usage.js';
import { machineTime } from './machine-time.js';
import { submitWhitelisted } from './whitelist.js';

const SECONDS = 10;
const FLOOR = 'the same, measured';

/** Two points at which what the model says can be seen: agents that think, and agents that do nothing but ask. */
const POINTS = [
  { name: '10 agents, each thinking 50 ms', agents: 10, thinkSeconds: 0.05 },
  { name: '64 agents that never think', agents: 64, thinkSeconds: 0 },
];

/** What the model predicts for this very machine, beside what happens on it. */
export async function modelCheck(
  system: DistributedSystem,
  costs: MeasuredCosts,
  tokens: readonly string[],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, ...point } of POINTS) {
    const seen = await measured(system, tokens, point);
    const gateways = system.gatewayUrls.length;
    const cores = machineFacts().cores - seen.coresOfOthers;
    const predicted = oneMachine(costs, { ...point, gateways, cores } satisfies OneMachine);
    const of = (what: string, value: number, floor: number, unit: string) =>
      figure({ name: `model: ${name}: ${what}`, value, floor, unit, floorName: FLOOR });
    figures.push(
      of('decisions per second', predicted.perSecond, seen.perSecond, '/s'),
      of('mean time to the answer', predicted.responseMs, seen.meanMs, 'ms'),
      of('busy cores', predicted.busyCores, seen.busyCores, 'cores'),
    );
    process.stderr.write(`${name}: p99 ${seen.p99Ms.toFixed(2)} ms; ${JSON.stringify(seen.coresByKind)}\n`);
  }
  return figures;
}

async function measured(
  system: DistributedSystem,
  tokens: readonly string[],
  { agents, thinkSeconds }: { agents: number; thinkSeconds: number },
) {
  const urls = system.gatewayUrls;
  const sockets = await Promise.all(
    Array.from({ length: agents }, (_, at) =>
      AgentSocket.connect(urls[at % urls.length] ?? '', tokens[at % tokens.length]),
    ),
  );
  const random = randomNumbers(agents);
  const times: number[] = [];
  const ask = async (lane: number) => {
    if (thinkSeconds > 0) await sleep(-thinkSeconds * 1_000 * Math.log(1 - random()));
    const began = performance.now();
    await submitWhitelisted(sockets[lane]);
    times.push(performance.now() - began);
  };
  await keepInFlight(agents, 3_000, ask);
  times.length = 0;
  const [used, machine] = [usageOf(system), machineTime()];
  const { done, ms } = await keepInFlight(agents, SECONDS * 1_000, ask);
  const [usedNow, machineNow] = [usageOf(system), machineTime()];
  for (const socket of sockets) socket.close();
  const coresByKind = Object.fromEntries(
    MEASURED_KINDS.map((kind) => [kind, (usedNow[kind].cpuMs - used[kind].cpuMs) / ms]),
  );
  const busyCores = Object.values(coresByKind).reduce((sum, cores) => sum + cores, 0);
  const machineCores = ((machineNow.busy - machine.busy) * 1_000) / ms;
  return {
    perSecond: (done * 1_000) / ms,
    meanMs: times.reduce((sum, time) => sum + time, 0) / times.length,
    p99Ms: quantile(times, 0.99),
    busyCores,
    coresByKind,
    coresOfOthers: Math.max(0, machineCores - busyCores),
  };
}
