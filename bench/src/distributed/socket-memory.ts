import { setTimeout as sleep } from 'node:timers/promises';
import { AgentSocket } from '../support/agent-socket.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { REVIEWER_TOKEN } from '../support/measured-server.js';
import { residentMiB } from '../support/process-usage.js';
import { ReviewerSocket } from '../support/reviewer-socket.js';
import { decideAll, holdAll, type Request } from './operation-costs.js';

const AGENT_SOCKETS = 600;
const REVIEWER_SOCKETS = 200;
const AT_ONCE = 20;
const PENDING_PER_AGENT = 40;
const SETTLE_MS = 3_000;

export interface SocketMemory {
  readonly agent_socket_kib: number;
  readonly reviewer_socket_kib: number;
  readonly pending_kib: number;
}

/** What the first gateway's resident memory grows by, garbage included: as an operator sees it. */
export async function socketMemory(system: DistributedSystem, tokens: readonly string[]): Promise<SocketMemory> {
  const [url = ''] = system.gatewayUrls;
  const [pid = 0] = system.pidsOf('gateway');
  const grownBy = async (work: () => Promise<unknown>) => {
    const before = residentMiB(pid);
    await work();
    await sleep(SETTLE_MS);
    return Math.max(0, (residentMiB(pid) - before) * 1_024);
  };
  // Room that stays, whoever opened it first.
  const first = await Promise.all(tokens.map((token) => AgentSocket.connect(url, token)));
  await decideAll(url, await holdAll(first, 2));
  for (const agent of first) agent.close();
  const agents: AgentSocket[] = [];
  const agentKib = await grownBy(async () => {
    while (agents.length < AGENT_SOCKETS) {
      const next = Array.from({ length: AT_ONCE }, (_, at) => AgentSocket.connect(url, tokens[at % tokens.length]));
      agents.push(...(await Promise.all(next)));
    }
  });
  const reviewers: ReviewerSocket[] = [];
  const reviewerKib = await grownBy(async () => {
    while (reviewers.length < REVIEWER_SOCKETS) {
      const next = Array.from({ length: AT_ONCE }, () => ReviewerSocket.connect(url, REVIEWER_TOKEN));
      reviewers.push(...(await Promise.all(next)));
    }
  });
  for (const reviewer of reviewers) reviewer.close();
  const asking = agents.slice(0, tokens.length);
  let queue: Request[] = [];
  const pendingKib = await grownBy(async () => {
    queue = await holdAll(asking, PENDING_PER_AGENT);
  });
  await decideAll(url, queue);
  for (const agent of agents) agent.close();
  return {
    agent_socket_kib: agentKib / AGENT_SOCKETS,
    reviewer_socket_kib: reviewerKib / REVIEWER_SOCKETS,
    pending_kib: pendingKib / queue.length,
  };
}
