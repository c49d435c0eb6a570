import { setTimeout as sleep } from 'node:timers/promises';
import { REVIEWER_TOKEN } from '../support/measured-server.js';
import { restAs } from '../support/rest.js';

const POLL_MS = 50;
const PATIENCE_MS = 120_000;
/** What consumers gather before they write, and a little more: usage figures have no other sign of being done. */
const LINGER_MS = 600;

/** Waits until everything that followed from a command, the last of several, is done; returns how long that took, in ms. */
export async function untilAudited(url: string, commandId: string): Promise<number> {
  const review = restAs(url, REVIEWER_TOKEN);
  const began = performance.now();
  for (;;) {
    const { data } = await review<{ data: unknown[] }>('GET', `/audit?limit=1&subject_id=${commandId}`);
    const took = performance.now() - began;
    if (data.length > 0) {
      await sleep(LINGER_MS);
      return took;
    }
    if (took > PATIENCE_MS) throw new Error(`${commandId} was not audited within ${PATIENCE_MS} ms`);
    await sleep(POLL_MS);
  }
}
