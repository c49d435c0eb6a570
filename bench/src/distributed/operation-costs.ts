import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../scale/measured-costs.js';
import { AgentSocket } from '../support/agent-socket.js';
import { approve, type Held, heldBy } from '../support/approving.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keepBusy } from '../support/in-flight.js';
import { REVIEWER_TOKEN } from '../support/measured-server.js';
import { restAs } from '../support/rest.js';
import type { CostMeter, OperationCost } from './cost-meter.js';
import { untilAudited } from './until-audited.js';
import { submitWhitelisted } from './whitelist.js';

const WHITELISTED = 8_000;
/** As a busy gateway sees it: several at once share what can be shared. */
const IN_FLIGHT = 16;
const HELD_PER_AGENT = 40;
const HELD_ROUNDS = 2;
const AT_ONCE = 8;
const SESSIONS = 400;
const SETTLE_MS = 1_500;

/** What each operation costs when the first gateway is asked for all of them. */
export async function operationCosts(
  system: DistributedSystem,
  meter: CostMeter,
  tokens: readonly string[],
): Promise<Record<Operation, OperationCost>> {
  const [url = ''] = system.gatewayUrls;
  const agents = await Promise.all(tokens.map((token) => AgentSocket.connect(url, token)));
  await untilAudited(url, (await submitWhitelisted(agents[0])).command_id ?? '');
  const whitelisted_command = await meter.costOf(WHITELISTED, async () => {
    let left = WHITELISTED;
    await keepBusy(IN_FLIGHT, async () => {
      left -= 1;
      if (left < 0) return false;
      await submitWhitelisted(agents[left % agents.length]);
      return true;
    });
    await untilAudited(url, (await submitWhitelisted(agents[0])).command_id ?? '');
  });
  let queue: Request[] = [];
  const votes: OperationCost[] = [];
  const count = agents.length * HELD_PER_AGENT;
  const held_command = await meter.costOf(
    count,
    async () => {
      queue = await holdAll(agents);
      await sleep(SETTLE_MS);
    },
    HELD_ROUNDS,
    async () => {
      votes.push(await meter.costOf(count, () => decideAll(url, queue)));
    },
  );
  const session_start = await meter.costOf(SESSIONS, async () => {
    let left = SESSIONS;
    await keepBusy(AT_ONCE, async () => {
      left -= 1;
      if (left < 0) return false;
      (await AgentSocket.connect(url, tokens[left % tokens.length])).close();
      return true;
    });
    await sleep(SETTLE_MS);
  });
  for (const agent of agents) agent.close();
  const [vote] = votes.slice(-1);
  if (!vote) throw new Error('nothing was voted on');
  return { whitelisted_command, held_command, vote, session_start };
}

interface Request {
  readonly agent: AgentSocket;
  readonly held: Held;
}

export async function holdAll(agents: readonly AgentSocket[], perAgent = HELD_PER_AGENT): Promise<Request[]> {
  const queue: Request[] = [];
  let number = 0;
  await keepBusy(AT_ONCE, async () => {
    const agent = agents[number % agents.length];
    if (!agent || number >= agents.length * perAgent) return false;
    number += 1;
    queue.push({ agent, held: await heldBy(agent, `deploy service-${number}`) });
    return true;
  });
  return queue;
}

export async function decideAll(url: string, queue: Request[]): Promise<void> {
  const review = restAs(url, REVIEWER_TOKEN);
  await keepBusy(AT_ONCE, async () => {
    const next = queue.pop();
    if (!next) return false;
    await approve(review, next.agent, next.held);
    return true;
  });
  await sleep(SETTLE_MS);
}
