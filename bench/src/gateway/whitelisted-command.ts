import { type Figure, figure, quantile } from '../figure.js';
import { AgentSocket } from '../support/agent-socket.js';
import { type FloorProcess, newestRecord, startFloor } from '../support/floor-process.js';
import { keepInFlight, timeEach } from '../support/in-flight.js';
import { MeasuredServer, REVIEWER_TOKEN, SHELL_TOKEN } from '../support/measured-server.js';
import { cpuMs } from '../support/process-usage.js';
import { restAs } from '../support/rest.js';

/** 40 characters. */
const COMMAND = 'docker logs --tail 100 web-frontend-blue';
const PATTERN = 'docker logs --tail 100 web-*';

const ROUNDS = 12;
const WARM_UP = 1_500;
const SEQUENTIAL = 400;
const IN_FLIGHT = 64;
const SOCKETS = 8;
const SUSTAINED_MS = 2_000;
/** Between two loads, so that what follows a decision (audit, figures of rules) is done before the next is timed. */
const SETTLE_MS = 500;

const FLOOR = 'bare ws echo that commits the same record to SQLite (synchronous=FULL) before each answer';

interface Contestant {
  readonly pid: number;
  readonly sockets: readonly AgentSocket[];
  readonly times: number[];
  readonly keyedTimes: number[];
  readonly perSecond: number[];
  readonly cpuPerDecision: number[];
}

/** Whitelisted command over the agent's WebSocket, durably recorded before the answer. */
export async function run(): Promise<Figure[]> {
  const server = await MeasuredServer.start();
  let floor: FloorProcess | undefined;
  try {
    await restAs(server.url, REVIEWER_TOKEN)('POST', '/rules', {
      effect: 'allow',
      kind: 'command',
      pattern_type: 'glob',
      pattern: PATTERN,
      scope: { type: 'global' },
    });
    const subject = await contestant(server.pid, server.url, SHELL_TOKEN);
    const first = await subject.sockets[0]?.submit(COMMAND);
    if (first?.outcome !== 'allowed') throw new Error(`the rule did not allow the command: ${JSON.stringify(first)}`);
    floor = await startFloor(newestRecord(server.databaseFile, 'command.decided'));
    const bare = await contestant(floor.pid, floor.url);
    await measure(subject, bare);
    const lag = await audited(server, subject);
    for (const socket of [...subject.sockets, ...bare.sockets]) socket.close();
    return [...figures(subject, bare), lag];
  } finally {
    await floor?.remove();
    await server.remove();
  }
}

async function contestant(pid: number, url: string, token?: string): Promise<Contestant> {
  const sockets: AgentSocket[] = [];
  for (let index = 0; index < SOCKETS; index += 1) sockets.push(await AgentSocket.connect(url, token));
  return { pid, sockets, times: [], keyedTimes: [], perSecond: [], cpuPerDecision: [] };
}

/** Both take turns, so that whatever else the machine does falls on both. */
async function measure(subject: Contestant, floor: Contestant): Promise<void> {
  for (const one of [subject, floor]) await sequential(one, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of [subject, floor]) one.times.push(...(await sequential(one, SEQUENTIAL)));
    subject.keyedTimes.push(...(await sequential(subject, SEQUENTIAL / 2, `round-${round}`)));
  }
  for (let round = 0; round <= ROUNDS / 3; round += 1)
    for (const one of [subject, floor]) await sustained(one, round > 0);
}

async function sequential(one: Contestant, count: number, key?: string): Promise<number[]> {
  const [socket] = one.sockets;
  const more = (index: number) => (key === undefined ? {} : { idempotency_key: `${key}-${index}` });
  const times = await timeEach(count, (index) => socket?.submit(COMMAND, more(index)) ?? Promise.reject());
  await settled();
  return times;
}

async function sustained(one: Contestant, counts: boolean): Promise<void> {
  const before = cpuMs(one.pid);
  const submit = (lane: number) => one.sockets[lane % SOCKETS]?.submit(COMMAND) ?? Promise.reject();
  const { done, ms } = await keepInFlight(IN_FLIGHT, SUSTAINED_MS, submit);
  await settled();
  if (!counts) return;
  one.perSecond.push((done * 1_000) / ms);
  one.cpuPerDecision.push(((cpuMs(one.pid) - before) * 1_000) / done);
}

/** A load's echo: how long until the last decision of a burst is in the audit log too. */
async function audited(server: MeasuredServer, { sockets, perSecond }: Contestant): Promise<Figure> {
  const review = restAs(server.url, REVIEWER_TOKEN);
  const submit = (lane: number) => sockets[lane % SOCKETS]?.submit(COMMAND) ?? Promise.reject();
  const { done, ms } = await keepInFlight(IN_FLIGHT, SUSTAINED_MS, submit);
  const last = await sockets[0]?.submit(COMMAND);
  const began = performance.now();
  while (!(await isAudited(review, last?.command_id ?? ''))) await new Promise((resolve) => setTimeout(resolve, 20));
  const lag = performance.now() - began;
  const name = `audit complete after ${Math.round(done / 1_000)} 000 decisions in ${Math.round(ms / 1_000)} s: lag`;
  const floor = (done * 1_000) / quantile(perSecond, 0.5);
  return figure({ name, value: lag, unit: 'ms', floor, floorName: 'the time in which those decisions were made' });
}

async function isAudited(review: ReturnType<typeof restAs>, commandId: string): Promise<boolean> {
  const entries = await review<{ data: unknown[] }>('GET', `/audit?limit=1&subject_id=${commandId}`);
  return entries.data.length > 0;
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

function figures(subject: Contestant, floor: Contestant): Figure[] {
  const at = (one: Contestant, share: number) => quantile(one.times, share);
  const name = 'whitelisted command, recorded before the answer';
  const common = { unit: 'ms', floorName: FLOOR };
  const p50 = { value: at(subject, 0.5), floor: at(floor, 0.5) };
  const p99 = { value: at(subject, 0.99), floor: at(floor, 0.99) };
  const keyed = { value: quantile(subject.keyedTimes, 0.5), floor: p50.floor };
  const perSecond = { value: quantile(subject.perSecond, 0.5), floor: quantile(floor.perSecond, 0.5) };
  const cpu = { value: quantile(subject.cpuPerDecision, 0.5), floor: quantile(floor.cpuPerDecision, 0.5) };
  return [
    figure({ name: `${name}: p50`, ...common, ...p50, goal: '≤ 2×', met: p50.value <= 2 * p50.floor }),
    figure({ name: `${name}: p99`, ...common, ...p99, goal: '≤ 5 ms', met: p99.value <= 5 }),
    figure({ name: `${name}, with an idempotency key: p50`, ...common, ...keyed }),
    figure({ name: `decisions per second, ${IN_FLIGHT} in flight`, ...common, ...perSecond, unit: '/s' }),
    figure({ name: 'CPU per decision, audit and all that follows included', ...common, ...cpu, unit: 'µs' }),
  ];
}
