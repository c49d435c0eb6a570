import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure, quantile } from '../figure.js';
import { AgentSocket } from '../support/agent-socket.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { startRedisFloor } from '../support/floor-process.js';
import { keepInFlight, timeEach } from '../support/in-flight.js';
import { SHELL_TOKEN } from '../support/measured-server.js';
import { newestEvent } from '../support/newest-event.js';
import { cpuMs } from '../support/process-usage.js';
import { submitWhitelisted } from './whitelist.js';

const ROUNDS = 10;
const WARM_UP = 1_000;
const SEQUENTIAL = 200;
const IN_FLIGHT = 64;
const SOCKETS = 8;
const SUSTAINED_MS = 2_000;
const SUSTAINED_ROUNDS = 5;
/** So that what follows a decision (audit, figures of rules) is done before the next thing is timed. */
const SETTLE_MS = 1_000;

const FLOOR = 'bare ws echo that awaits one durable XADD of the same event on the same Redis before each answer';

interface Contestant {
  readonly submit: (lane: number) => Promise<unknown>;
  /** Of the process that answers; Redis is counted with it. */
  readonly pid: number;
  readonly times: number[];
  readonly perSecond: number[];
  /** µs of CPU, the process's own and Redis'. */
  readonly cpuPerAnswer: number[];
}

export interface WhitelistedFigures {
  readonly figures: Figure[];
  /** Milliseconds, one client alone. */
  readonly aloneMs: number;
  readonly perSecond: number;
}

/** A whitelisted command at the first gateway, durably recorded before the answer. */
export async function whitelistedFigures(system: DistributedSystem): Promise<WhitelistedFigures> {
  const [url = ''] = system.gatewayUrls;
  const agents = await sockets(url, SHELL_TOKEN);
  await submitWhitelisted(agents[0]);
  const floor = await startRedisFloor(system.redis.url, await newestEvent(system.admin, 'command.decided'));
  try {
    const bare = await sockets(floor.url);
    const [gatewayPid = 0] = system.pidsOf('gateway');
    const subject = contestant(gatewayPid, (lane) => submitWhitelisted(agents[lane % SOCKETS]));
    const least = contestant(floor.pid, (lane) => bare[lane % SOCKETS]?.submit('x') ?? Promise.reject());
    await measure(system, subject, least);
    for (const socket of [...agents, ...bare]) socket.close();
    return {
      figures: figures(subject, least),
      aloneMs: quantile(subject.times, 0.5),
      perSecond: quantile(subject.perSecond, 0.5),
    };
  } finally {
    await floor.remove();
  }
}

export async function sockets(url: string, token?: string): Promise<AgentSocket[]> {
  return Promise.all(Array.from({ length: SOCKETS }, () => AgentSocket.connect(url, token)));
}

const contestant = (pid: number, submit: Contestant['submit']): Contestant => ({
  pid,
  submit,
  times: [],
  perSecond: [],
  cpuPerAnswer: [],
});

/** Both take turns, so that whatever else the machine does falls on both. */
async function measure(system: DistributedSystem, subject: Contestant, floor: Contestant): Promise<void> {
  for (const one of [subject, floor]) {
    await timeEach(WARM_UP, () => one.submit(0));
    await keepInFlight(IN_FLIGHT, SUSTAINED_MS, one.submit);
    await sleep(SETTLE_MS);
  }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const one of [subject, floor]) {
      one.times.push(...(await timeEach(SEQUENTIAL, () => one.submit(0))));
      await sleep(SETTLE_MS / 2);
    }
  for (let round = 0; round < SUSTAINED_ROUNDS; round += 1)
    for (const one of [subject, floor]) {
      const cpu = () => cpuMs(one.pid) + cpuMs(system.redis.pid);
      const before = cpu();
      const { done, ms } = await keepInFlight(IN_FLIGHT, SUSTAINED_MS, one.submit);
      one.cpuPerAnswer.push(((cpu() - before) * 1_000) / done);
      one.perSecond.push((done * 1_000) / ms);
      await sleep(SETTLE_MS);
    }
}

function figures(subject: Contestant, floor: Contestant): Figure[] {
  const common = { unit: 'ms', floorName: FLOOR };
  const name = 'distributed: whitelisted command, durable before the answer';
  const at = (share: number) => ({ value: quantile(subject.times, share), floor: quantile(floor.times, share) });
  const perSecond = { value: quantile(subject.perSecond, 0.5), floor: quantile(floor.perSecond, 0.5) };
  const perCore = {
    value: 1_000_000 / quantile(subject.cpuPerAnswer, 0.5),
    floor: 1_000_000 / quantile(floor.cpuPerAnswer, 0.5),
  };
  const p50 = at(0.5);
  return [
    figure({ name: `${name}: p50`, ...common, ...p50, goal: '≤ 1.6×', met: p50.value <= 1.6 * p50.floor }),
    figure({ name: `${name}: p99`, ...common, ...at(0.99) }),
    figure({
      name: `distributed: decisions per second, one gateway, ${IN_FLIGHT} in flight`,
      ...common,
      ...perSecond,
      unit: '/s',
      goal: '≥ 0.4×',
      met: perSecond.value >= 0.4 * perSecond.floor,
    }),
    figure({ name: 'distributed: decisions per core second of gateway and Redis', ...common, ...perCore, unit: '/s' }),
  ];
}
