import { fileURLToPath } from 'node:url';
import { Child } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start();
}, PATIENCE_MS);
afterAll(() => server.remove());

/** Runs an example of the documentation as it stands, while a reviewer decides whatever comes. */
async function run(name: string, verb: 'approve' | 'deny'): Promise<Child> {
  const review = caller(server.url, REVIEWER_TOKEN);
  // Examples import the packages by name, as a user's program would; the end-to-end package depends on them.
  const file = fileURLToPath(new URL(`../../docs/examples/${name}`, import.meta.url));
  const child = new Child(process.execPath, [file], {
    env: { EXPACTI_URL: server.url, EXPACTI_SHELL_TOKEN: SHELL_TOKEN, NODE_OPTIONS: '' },
  });
  while (child.exit === undefined) {
    const { body } = await review('GET', '/approvals?status=pending');
    for (const { id, version, command_sha256 } of body.data)
      await review('POST', `/approvals/${id}/${verb}`, { version, command_sha256, reason: 'example' });
    await Promise.race([child.exited(), new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  return child;
}

describe('the examples of the documentation', () => {
  it('ask, wait, run what was approved', async () => {
    const child = await run('first-agent.mjs', 'approve');
    expect([child.exit?.code, child.output]).toEqual([0, 'Linux (decided by reviewer)']);
  });

  it('tell why something was denied', async () => {
    expect((await run('first-agent.mjs', 'deny')).output).toBe('not allowed: example');
  });

  it('need no library', async () => {
    const lines = (await run('bare-websocket.mjs', 'approve')).lines;
    expect(lines).toEqual([
      expect.stringMatching(/^waiting for a person: http.*\/app\/queue\/apr_/),
      'allowed: uname -s',
    ]);
  });
});
