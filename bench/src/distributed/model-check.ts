import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure } from '../figure.js';
import { machineFacts } from '../machine-facts.js';
import { randomNumbers } from '../random-numbers.js';
import { oneMachine } from '../scale/check/one-machine.js';
import type { MeasuredCosts } from '../scale/measured-costs.js';
import { AgentSocket } from '../support/agent-socket.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keepInFlight } from '../support/in-flight.js';
import type { KindCosts } from './cost-meter.js';
import { MEASURED_KINDS, usageOf } from './kind-usage.js';
import { machineTime } from './machine-time.js';
import { untilQuiet } from './until-quiet.js';
import { submitWhitelisted } from './whitelist.js';

const WARM_UP_MS = 3_000;
const WATCHED_MS = 12_000;
const FLOOR = 'the same, measured';

/** Two points at which what the model says can be seen: agents that think, and agents that do nothing but ask. */
const POINTS = [
  { name: '10 agents, each thinking 50 ms', agents: 10, thinkSeconds: 0.05 },
  { name: '64 agents that never think', agents: 64, thinkSeconds: 0 },
] as const;
type Point = (typeof POINTS)[number];

interface Seen {
  readonly point: Point;
  readonly gateways: number;
  /** What followed from the decisions (audit, figures of rules) included in the time. */
  readonly sustainedPerSecond: number;
  readonly meanMs: number;
  /** Of the system and of the agents, until all was done. */
  readonly coreSeconds: number;
  readonly seconds: number;
  /** Whoever else used the machine meanwhile. */
  readonly coresOfOthers: number;
}

/** What happens at the two points. */
export async function seenAtPoints(
  system: DistributedSystem,
  idle: KindCosts,
  tokens: readonly string[],
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const point of POINTS) seen.push(await seenAt(system, idle, tokens, point));
  return seen;
}

/** What the model predicts for this very machine, beside what happened on it. */
export function checkFigures(costs: MeasuredCosts, seen: readonly Seen[]): Figure[] {
  return seen.flatMap(({ point, gateways, coresOfOthers, ...is }) => {
    const cores = machineFacts().cores - coresOfOthers;
    const predicted = oneMachine(costs, { ...point, gateways, cores });
    const of = (what: string, value: number, floor: number, unit: string) =>
      figure({ name: `model: ${point.name}: ${what}`, value, floor, unit, floorName: FLOOR });
    const busyCores = is.coreSeconds / is.seconds;
    return [
      of('decisions per second, all that follows included', predicted.perSecond, is.sustainedPerSecond, '/s'),
      of('mean time to the answer', predicted.responseMs, is.meanMs, 'ms'),
      of('busy cores', predicted.busyCores, busyCores, 'cores'),
    ];
  });
}

async function seenAt(
  system: DistributedSystem,
  idle: KindCosts,
  tokens: readonly string[],
  point: Point,
): Promise<Seen> {
  const { agents, thinkSeconds } = point;
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
  await keepInFlight(agents, WARM_UP_MS, ask);
  await untilQuiet(system, idle);
  times.length = 0;
  const [used, machine] = [totalCpuMs(system), machineTime()];
  const { done, ms } = await keepInFlight(agents, WATCHED_MS, ask);
  const drainMs = await untilQuiet(system, idle);
  const [usedNow, machineNow] = [totalCpuMs(system), machineTime()];
  for (const socket of sockets) socket.close();
  const coreSeconds = (usedNow - used) / 1_000;
  const seconds = (ms + drainMs) / 1_000;
  return {
    point,
    gateways: urls.length,
    sustainedPerSecond: done / seconds,
    meanMs: times.reduce((sum, time) => sum + time, 0) / times.length,
    coreSeconds,
    seconds,
    coresOfOthers: Math.max(0, (machineNow.busy - machine.busy - coreSeconds) / seconds),
  };
}

function totalCpuMs(system: DistributedSystem): number {
  const usage = usageOf(system);
  return MEASURED_KINDS.reduce((sum, kind) => sum + usage[kind].cpuMs, 0);
}
