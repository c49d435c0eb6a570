import type { AgentSocket } from '../support/agent-socket.js';
import { approve, heldBy } from '../support/approving.js';
import { timeEach } from '../support/in-flight.js';
import type { Rest } from '../support/rest.js';

const ROUNDS = 60;
const WARM_UP = 20;

interface Page {
  data: { id: string }[];
  next_cursor: string | null;
}

/** What reviewers and agents do, in milliseconds each. */
export async function measureActions(review: Rest, agent: AgentSocket): Promise<Map<string, number[]>> {
  const list = (query = '') => review<Page>('GET', `/approvals?status=pending${query}`);
  const { next_cursor: second } = await list('&limit=5');
  const cursor = second === null ? '' : `&cursor=${encodeURIComponent(second)}`;
  const actions: [string, (round: number) => Promise<unknown>][] = [
    ['first page of 50', () => list()],
    ['a later page of 50', () => list(cursor)],
    ['first page of 200', () => list('&limit=200')],
    ['summary of the queue', () => review('GET', '/approvals/summary')],
  ];
  const times = new Map<string, number[]>();
  for (const [name, action] of actions) {
    await timeEach(WARM_UP, action);
    times.set(name, await timeEach(ROUNDS, action));
  }
  for (const [name, samples] of await measureDecisions(review, agent)) times.set(name, samples);
  return times;
}

/** Submits and decides; the queue is as long afterwards as it was before. */
async function measureDecisions(review: Rest, agent: AgentSocket): Promise<Map<string, number[]>> {
  const submissions: number[] = [];
  const unblocked: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const began = performance.now();
    const held = await heldBy(agent, `terraform apply plan-${round}`);
    submissions.push(performance.now() - began);
    unblocked.push(await approve(review, agent, held));
  }
  return new Map([
    ['submit to pending', submissions.slice(WARM_UP)],
    ['approve click to agent unblocked', unblocked.slice(WARM_UP)],
  ]);
}
