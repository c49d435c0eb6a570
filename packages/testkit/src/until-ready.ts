import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.js';

const POLL_MS = 25;

/**
 * Waits until a server that was just started answers 2xx at `url`. When it ends or takes too long instead, rejects
 * with everything that it printed.
 */
export async function untilReady(server: Child, url: string, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (server.exit !== undefined)
      throw new Error(`The server ended with ${JSON.stringify(server.exit)}:\n${server.output}`);
    if (await answers(url)) return;
    await sleep(POLL_MS);
  }
  await server.kill();
  throw new Error(`The server was not ready at ${url} within ${withinMs} ms:\n${server.output}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
