import { type Figure, figure, quantile } from '../figure.js';
import { AgentSocket } from '../support/agent-socket.js';
import { approve } from '../support/approving.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { type FloorProcess, startRedisFloor } from '../support/floor-process.js';
import { REVIEWER_TOKEN, SHELL_TOKEN } from '../support/measured-server.js';
import { newestEvent } from '../support/newest-event.js';
import { restAs } from '../support/rest.js';
import { ReviewerSocket } from '../support/reviewer-socket.js';

const WARM_UP = 100;
const ROUNDS = 200;
const MOST_MS = 15;

const FLOOR = 'bare REST POST that awaits one durable XADD on the same Redis and pushes to the socket';

export interface HeldFigures {
  readonly figures: Figure[];
  /** Milliseconds, p50. */
  readonly toReviewerMs: number;
  readonly toAgentMs: number;
}

/** A command held at one gateway, seen and decided by a reviewer at the other. */
export async function heldFigures(system: DistributedSystem): Promise<HeldFigures> {
  const [here = '', there = ''] = system.gatewayUrls;
  const agent = await AgentSocket.connect(here, SHELL_TOKEN);
  const reviewer = await ReviewerSocket.connect(there, REVIEWER_TOKEN);
  const review = restAs(there, REVIEWER_TOKEN);
  const one = async (name: string) => {
    const command = `deploy ${name}`;
    const began = performance.now();
    const submitted = agent.submit(command);
    const { payload } = await reviewer.next('approval.requested', ({ payload }) => payload.approval !== undefined);
    const toReviewer = performance.now() - began;
    const { command_id: commandId = '', approval_id: approvalId = '' } = await submitted;
    if (payload.approval?.command_id !== commandId) throw new Error(`${command} was not what the reviewer heard of`);
    return { toReviewer, toAgent: await approve(review, agent, { commandId, approvalId, command }) };
  };
  let floor: FloorProcess | undefined;
  try {
    for (let index = 0; index < WARM_UP; index += 1) await one(`warm-up-${index}`);
    floor = await startRedisFloor(system.redis.url, await newestEvent(system.admin, 'approval.closed'));
    const bare = await AgentSocket.connect(floor.url);
    const times = { toReviewer: [] as number[], toAgent: [] as number[], floor: [] as number[] };
    for (let index = 0; index < ROUNDS; index += 1) {
      const { toReviewer, toAgent } = await one(`service-${index}`);
      times.toReviewer.push(toReviewer);
      times.toAgent.push(toAgent);
      times.floor.push(await pushed(floor.url, bare, `service-${index}`));
    }
    bare.close();
    return {
      figures: figures(times),
      toReviewerMs: quantile(times.toReviewer, 0.5),
      toAgentMs: quantile(times.toAgent, 0.5),
    };
  } finally {
    await floor?.remove();
    reviewer.close();
    agent.close();
  }
}

async function pushed(url: string, socket: AgentSocket, id: string): Promise<number> {
  const told = socket.watch(id, () => true);
  const began = performance.now();
  const posted = fetch(url, { method: 'POST', body: JSON.stringify({ type: 'told', command_id: id }) });
  await told;
  const time = performance.now() - began;
  await (await posted).text();
  return time;
}

function figures(times: Readonly<Record<'toReviewer' | 'toAgent' | 'floor', readonly number[]>>): Figure[] {
  const of = (name: string, samples: readonly number[], share: number) => {
    const value = quantile(samples, share);
    const goal = share === 0.5 ? { goal: `≤ ${MOST_MS} ms`, met: value <= MOST_MS } : {};
    const floor = quantile(times.floor, share);
    return figure({
      name: `distributed: ${name}: p${share * 100}`,
      value,
      unit: 'ms',
      floor,
      floorName: FLOOR,
      ...goal,
    });
  };
  return [0.5, 0.99].flatMap((share) => [
    of('held command to a reviewer at the other gateway', times.toReviewer, share),
    of('click at one gateway to the agent at the other', times.toAgent, share),
  ]);
}
