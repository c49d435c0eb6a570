import { type Figure, figure, quantile } from '../figure.js';
import { AgentSocket } from '../support/agent-socket.js';
import { heldBy } from '../support/approving.js';
import { keepBusy } from '../support/in-flight.js';
import { MeasuredServer, REVIEWER_TOKEN, SHELL_TOKEN } from '../support/measured-server.js';
import { residentMiB } from '../support/process-usage.js';
import { type Rest, restAs } from '../support/rest.js';
import { measureActions } from './queue-actions.js';
import { measureBrowser } from './queue-in-browser.js';

const FEW = 10;
const MANY = 10_000;
const IN_FLIGHT = 32;
/** Long enough that nothing lapses meanwhile. */
const HOLD_SECONDS = 86_400;

/** What waiting requests cost everybody: the same actions with ten and with ten thousand of them. */
export async function run(): Promise<Figure[]> {
  const server = await MeasuredServer.start();
  try {
    const review = restAs(server.url, REVIEWER_TOKEN);
    await review('PATCH', '/org', { pending_limit: MANY, timeout: { action: 'hold', seconds: HOLD_SECONDS } });
    const filler = await AgentSocket.connect(server.url, SHELL_TOKEN);
    // Another agent, so that the limit of waiting requests per agent is not in the way.
    const prober = await AgentSocket.connect(server.url, await newAgentToken(review));
    await fill(filler, 0, FEW);
    const few = await measure(server, review, prober);
    await fill(filler, FEW, MANY);
    const many = await measure(server, review, prober);
    for (const socket of [filler, prober]) socket.close();
    return figures(few, many);
  } finally {
    await server.remove();
  }
}

interface Measured {
  readonly milliseconds: ReadonlyMap<string, number[]>;
  readonly mebibytes: ReadonlyMap<string, number>;
}

async function measure(server: MeasuredServer, review: Rest, prober: AgentSocket): Promise<Measured> {
  const actions = await measureActions(review, prober);
  const browser = await measureBrowser(server.url);
  return {
    milliseconds: new Map([...actions, ...browser.milliseconds]),
    mebibytes: new Map([
      ['server: resident memory', residentMiB(server.pid)],
      ['dashboard: JavaScript heap', browser.heapMiB],
    ]),
  };
}

async function newAgentToken(review: Rest): Promise<string> {
  const { id } = await review<{ id: string }>('POST', '/agents', { name: 'prober' });
  const { token } = await review<{ token: string }>('POST', `/agents/${id}/tokens`, { name: 'bench' });
  return token;
}

async function fill(agent: AgentSocket, from: number, to: number): Promise<void> {
  let next = from;
  await keepBusy(IN_FLIGHT, async () => {
    if (next >= to) return false;
    next += 1;
    await heldBy(agent, `kubectl -n shop rollout restart deployment/web-${next}`);
    return true;
  });
}

function figures(few: Measured, many: Measured): Figure[] {
  const floorName = `the same with ${FEW} waiting requests`;
  const times = [...many.milliseconds].map(([action, samples]) => {
    const floor = quantile(few.milliseconds.get(action) ?? [], 0.5);
    return figure({ name: name(action), value: quantile(samples, 0.5), unit: 'ms', floor, floorName });
  });
  const sizes = [...many.mebibytes].map(([what, value]) =>
    figure({ name: name(what), value, unit: 'MiB', floor: few.mebibytes.get(what) ?? Number.NaN, floorName }),
  );
  return [...times, ...sizes];
}

const name = (action: string): string => `${MANY} waiting: ${action}`;
