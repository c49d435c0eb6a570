import type { Operation } from '../scale/measured-costs.js';
import { AgentSocket } from '../support/agent-socket.js';
import { approve, type Held, heldBy } from '../support/approving.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keepBusy } from '../support/in-flight.js';
import { REVIEWER_TOKEN } from '../support/measured-server.js';
import { restAs } from '../support/rest.js';
import type { CostMeter, OperationCost } from './cost-meter.js';
import { submitWhitelisted } from './whitelist.js';

const WHITELISTED = 5_000;
/** As a busy gateway sees it: several at once share what can be shared. */
const IN_FLIGHT = 16;
const HELD_PER_AGENT = 40;
const AT_ONCE = 8;
const SESSIONS = 200;

/** What each operation costs when the first gateway is asked for all of them. */
export async function operationCosts(
  system: DistributedSystem,
  meter: CostMeter,
  tokens: readonly string[],
): Promise<Record<Operation, OperationCost>> {
  const [url = ''] = system.gatewayUrls;
  const agents = await Promise.all(tokens.map((token) => AgentSocket.connect(url, token)));
  const decideSome = (count: number) =>
    times(count, IN_FLIGHT, (number) => submitWhitelisted(agents[number % agents.length]));
  // Code that was never run before is slow.
  await meter.costOf(1, () => decideSome(WHITELISTED / 5));
  const whitelisted_command = await meter.costOf(WHITELISTED, () => decideSome(WHITELISTED));
  await decideAll(url, await holdAll(agents, HELD_PER_AGENT / 4));
  const count = agents.length * HELD_PER_AGENT;
  let queue: Request[] = [];
  const held_command = await meter.costOf(count, async () => {
    queue = await holdAll(agents, HELD_PER_AGENT);
  });
  const vote = await meter.costOf(count, () => decideAll(url, queue));
  const session_start = await meter.costOf(SESSIONS, () =>
    times(SESSIONS, AT_ONCE, async (number) =>
      (await AgentSocket.connect(url, tokens[number % tokens.length])).close(),
    ),
  );
  for (const agent of agents) agent.close();
  return { whitelisted_command, held_command, vote, session_start };
}

export interface Request {
  readonly agent: AgentSocket;
  readonly held: Held;
}

export async function holdAll(agents: readonly AgentSocket[], perAgent: number): Promise<Request[]> {
  const queue: Request[] = [];
  await times(agents.length * perAgent, AT_ONCE, async (number) => {
    const agent = agents[number % agents.length];
    if (agent) queue.push({ agent, held: await heldBy(agent, `deploy service-${number}`) });
  });
  return queue;
}

export async function decideAll(url: string, queue: readonly Request[]): Promise<void> {
  const review = restAs(url, REVIEWER_TOKEN);
  await times(queue.length, AT_ONCE, async (number) => {
    const request = queue[number];
    if (request) await approve(review, request.agent, request.held);
  });
}

async function times(count: number, width: number, work: (number: number) => Promise<unknown>): Promise<void> {
  let begun = 0;
  await keepBusy(width, async () => {
    if (begun === count) return false;
    begun += 1;
    await work(begun - 1);
    return true;
  });
}
