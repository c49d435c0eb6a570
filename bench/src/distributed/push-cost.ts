import type { CpuCost } from '../scale/measured-costs.js';
import type { AgentSocket } from '../support/agent-socket.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { REVIEWER_TOKEN } from '../support/measured-server.js';
import { ReviewerSocket } from '../support/reviewer-socket.js';
import type { CostMeter } from './cost-meter.js';
import { decideAll, holdAll } from './operation-costs.js';

const REVIEWERS = 40;
const PER_AGENT = 15;

/** What one reviewer's socket more costs its gateway per command that is held and decided. */
export async function pushCost(
  system: DistributedSystem,
  meter: CostMeter,
  agents: readonly AgentSocket[],
): Promise<CpuCost> {
  const [url = ''] = system.gatewayUrls;
  const count = agents.length * PER_AGENT;
  const cost = () => meter.costOf(count, async () => decideAll(url, await holdAll(agents, PER_AGENT)));
  const without = await cost();
  const reviewers = await Promise.all(
    Array.from({ length: REVIEWERS }, () => ReviewerSocket.connect(url, REVIEWER_TOKEN)),
  );
  const withAll = await cost();
  for (const reviewer of reviewers) reviewer.close();
  const each = (of: (cost: CpuCost) => number) =>
    Math.max(0, of(withAll.cpu.gateway) - of(without.cpu.gateway)) / REVIEWERS;
  return { cpu_us: each(({ cpu_us }) => cpu_us), thread_us: each(({ thread_us }) => thread_us) };
}
