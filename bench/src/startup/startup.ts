import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure, quantile } from '../figure.js';
import { AgentSocket } from '../support/agent-socket.js';
import { startFloor } from '../support/floor-process.js';
import { keepBusy } from '../support/in-flight.js';
import { MeasuredServer, REVIEWER_TOKEN, SHELL_TOKEN } from '../support/measured-server.js';
import { residentMiB } from '../support/process-usage.js';
import { restAs } from '../support/rest.js';

const STARTS = 5;
const DECISIONS = 2_000;
const IN_FLIGHT = 32;
const IDLE_MS = 10_000;
const RECORD = { type: 'bench', payload: 'x'.repeat(1_000) };

const FLOOR = 'bare Node process with http, ws and SQLite';

/** A process that starts on data that are there, and that is left alone afterwards. */
export async function run(): Promise<Figure[]> {
  const server = await MeasuredServer.start();
  try {
    await leaveData(server);
    await server.stop();
    const starts: number[] = [];
    const floors: number[] = [];
    for (let start = 0; start < STARTS; start += 1) {
      floors.push(await bareStart());
      starts.push(await server.launch());
      if (start < STARTS - 1) await server.stop();
    }
    const bare = await startFloor(RECORD);
    await sleep(IDLE_MS);
    const memory = { value: residentMiB(server.pid), floor: residentMiB(bare.pid) };
    await bare.remove();
    return [
      figure({
        name: `start to ready, ${DECISIONS} decisions in the data`,
        value: quantile(starts, 0.5),
        unit: 'ms',
        floor: quantile(floors, 0.5),
        floorName: FLOOR,
      }),
      figure({ name: 'idle resident memory after 10 s', ...memory, unit: 'MiB', floorName: FLOOR }),
    ];
  } finally {
    await server.remove();
  }
}

async function bareStart(): Promise<number> {
  const bare = await startFloor(RECORD);
  await bare.remove();
  return bare.startedInMs;
}

async function leaveData(server: MeasuredServer): Promise<void> {
  await restAs(server.url, REVIEWER_TOKEN)('POST', '/rules', {
    effect: 'allow',
    kind: 'command',
    pattern_type: 'glob',
    pattern: 'docker logs *',
    scope: { type: 'global' },
  });
  const agent = await AgentSocket.connect(server.url, SHELL_TOKEN);
  let left = DECISIONS;
  await keepBusy(IN_FLIGHT, async () => {
    left -= 1;
    if (left < 0) return false;
    await agent.submit(`docker logs web-${left}`);
    return true;
  });
  agent.close();
}
