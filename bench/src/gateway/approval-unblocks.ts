import { type Figure, figure, quantile } from '../figure.js';
import { AgentSocket } from '../support/agent-socket.js';
import { approve, heldBy } from '../support/approving.js';
import { type FloorProcess, newestRecord, startFloor } from '../support/floor-process.js';
import { MeasuredServer, REVIEWER_TOKEN, SHELL_TOKEN } from '../support/measured-server.js';
import { restAs } from '../support/rest.js';

const ROUNDS = 10;
const PER_ROUND = 40;

const FLOOR = 'bare REST POST that commits one record to SQLite and pushes to the socket';

/** From the reviewer's click (REST) to the agent that goes on. */
export async function run(): Promise<Figure[]> {
  const server = await MeasuredServer.start();
  let floor: FloorProcess | undefined;
  try {
    const review = restAs(server.url, REVIEWER_TOKEN);
    const agent = await AgentSocket.connect(server.url, SHELL_TOKEN);
    const unblock = async (name: string) => {
      const held = await heldBy(agent, `deploy ${name}`);
      return approve(review, agent, held);
    };
    for (let index = 0; index < 2 * PER_ROUND; index += 1) await unblock(`warm-up-${index}`);
    floor = await startFloor(newestRecord(server.databaseFile, 'approval.closed'));
    const bare = await bareUnblock(floor.url);
    for (let index = 0; index < 2 * PER_ROUND; index += 1) await bare.unblock(`warm-up-${index}`);
    const times: number[] = [];
    const floors: number[] = [];
    // Both take turns, so that whatever else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round += 1)
      for (let index = 0; index < PER_ROUND; index += 1) {
        times.push(await unblock(`${round}-${index}`));
        floors.push(await bare.unblock(`${round}-${index}`));
      }
    agent.close();
    bare.close();
    return figures(times, floors);
  } finally {
    await floor?.remove();
    await server.remove();
  }
}

async function bareUnblock(url: string) {
  const socket = await AgentSocket.connect(url);
  const unblock = async (id: string): Promise<number> => {
    const told = socket.watch(id, () => true);
    const began = performance.now();
    const posted = fetch(url, { method: 'POST', body: JSON.stringify({ type: 'told', command_id: id }) });
    await told;
    const time = performance.now() - began;
    await (await posted).text();
    return time;
  };
  return { unblock, close: () => socket.close() };
}

function figures(times: readonly number[], floors: readonly number[]): Figure[] {
  return [0.5, 0.99].map((share) => {
    const value = quantile(times, share);
    const goal = share === 0.5 ? { goal: '≤ 10 ms', met: value <= 10 } : {};
    const name = `approve click to agent unblocked: p${share * 100}`;
    return figure({ name, value, unit: 'ms', floor: quantile(floors, share), floorName: FLOOR, ...goal });
  });
}
