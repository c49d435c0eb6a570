// Waits until every process of `make up` says that it is ready; ends with 1 and says what is not when that takes too long.
import { readFileSync } from 'node:fs';
import { nameOf, SERVICES, STATE } from './plan.mjs';

const PATIENCE_MS = Number(process.env.EXPACTI_UP_PATIENCE_MS ?? 90_000);
/** By then the supervisor has said that it runs. */
const BEGIN_WITHIN_MS = 10_000;
const began = Date.now();

async function problemOf({ port }) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) });
    return response.ok ? null : (await response.text()).slice(0, 300);
  } catch (error) {
    return error.cause?.message ?? error.message;
  }
}

function supervisorRuns() {
  try {
    process.kill(JSON.parse(readFileSync(STATE, 'utf8')).supervisor, 0);
    return true;
  } catch {
    return false;
  }
}

for (;;) {
  const problems = await Promise.all(
    SERVICES.map(async (one) => ({ name: nameOf(one), problem: await problemOf(one) })),
  );
  const waiting = problems.filter(({ problem }) => problem !== null);
  if (waiting.length === 0) break;
  const waited = Date.now() - began;
  if (waited > PATIENCE_MS || (waited > BEGIN_WITHIN_MS && !supervisorRuns())) {
    for (const { name, problem } of waiting) console.error(`${name} is not ready: ${problem} (.up/logs/${name}.log)`);
    process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
