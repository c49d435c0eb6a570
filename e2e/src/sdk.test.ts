import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Approval, ExpactiClient, type ExpactiClientOptions, ExpactiReviewer, ExpactiTool } from '@expacti/sdk';
import { Child, eventually, temporaryFolder } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

// Each step starts processes; a busy machine takes its time.
jest.setTimeout(PATIENCE_MS);

let server: RunningServer;
let client: ExpactiClient;
let reviewer: ExpactiReviewer;
const work = temporaryFolder('expacti-sdk-e2e');
const folder = realpathSync(work.path);

beforeAll(async () => {
  server = await RunningServer.start();
  reviewer = new ExpactiReviewer({ url: server.url, token: REVIEWER_TOKEN });
}, PATIENCE_MS);
afterAll(async () => {
  await server.remove();
  work.remove();
});
const connect = (more: ExpactiClientOptions = {}): ExpactiClient =>
  new ExpactiClient({ url: server.url, token: SHELL_TOKEN, backoff: { baseMs: 20, maxMs: 200 }, ...more });
beforeEach(() => {
  client = connect();
});
afterEach(() => client.close());

let counter = 0;
/** A command that nobody has asked for before, and the file that it makes. */
function fresh(): { command: string; made: string } {
  counter += 1;
  const made = join(folder, `made-${counter}`);
  return { command: `touch ${made}`, made };
}
/** The request that fits, once it is there. */
async function pendingOne(fits: (approval: Approval) => boolean): Promise<Approval> {
  let found: Approval | undefined;
  await eventually(async () => {
    found = (await reviewer.pending()).data.find(fits);
    return found !== undefined;
  }, 'a pending request');
  return found as Approval;
}
const pendingFor = (command: string): Promise<Approval> => pendingOne((approval) => approval.command === command);
const approve = async (command: string, vote: Parameters<ExpactiReviewer['approve']>[1] = {}) =>
  reviewer.approve(await pendingFor(command), vote);

describe('the SDK against the server', () => {
  it('runs what a person approved, and the history tells how it ended', async () => {
    const command = `printf '%s|' a "b  c"; echo oops >&2; exit 3`;
    const [result] = await Promise.all([
      client.run(command, { cwd: folder, reason: 'to see', context: { task: 'e2e' } }),
      approve(command, { reason: 'fine' }),
    ]);
    expect(result).toMatchObject({ exitCode: 3, stdout: 'a|b  c|', stderr: 'oops\n', reported: true });
    expect(result.approved).toMatchObject({ source: 'reviewer', reason: 'fine', edited: false });
    expect(await client.command(result.approved.commandId)).toMatchObject({
      status: 'allowed',
      result: { exit_code: 3, output_bytes: 12 },
    });
  });

  it('over REST alone, the same', async () => {
    const rest = connect({ transport: 'rest' });
    const { command, made } = fresh();
    const [result] = await Promise.all([rest.run(command, { cwd: folder }), approve(command)]);
    expect(result).toMatchObject({ exitCode: 0, reported: true });
    expect(existsSync(made)).toBe(true);
    await rest.close();
  });

  it('a denied command is never entered, and the reason arrives', async () => {
    const { command, made } = fresh();
    const answer = client.run(command, { cwd: folder });
    const denied = expect(answer).rejects.toMatchObject({
      name: 'ExpactiDenied',
      source: 'reviewer',
      reason: 'not here',
    });
    await reviewer.deny(await pendingFor(command), { reason: 'not here' });
    await denied;
    expect(existsSync(made)).toBe(false);
  });

  it('an edited command runs as the reviewer wrote it', async () => {
    const { command, made } = fresh();
    const [result] = await Promise.all([
      client.run(command, { cwd: folder }),
      approve(command, { editedCommand: 'echo instead' }),
    ]);
    expect(result).toMatchObject({ stdout: 'instead\n', approved: { edited: true, command: 'echo instead' } });
    expect(existsSync(made)).toBe(false);
  });

  it('a remembered command does not wait the next time', async () => {
    const { command } = fresh();
    const remember = { pattern_type: 'exact', pattern: command, scope: { type: 'global' } } as const;
    await Promise.all([client.run(command, { cwd: folder }), approve(command, { remember })]);
    await eventually(
      async () => (await reviewer.rules.evaluate({ command, cwd: folder })).verdict === 'allow',
      'the rule',
    );
    const again = await client.run(command, { cwd: folder });
    expect(again.approved.source).toBe('rule');
    expect(again.approved.ruleId).toMatch(/^rule_/);
  });

  it('many at once: each gets its own decision and its own output', async () => {
    await reviewer.rules.create({
      effect: 'allow',
      pattern_type: 'glob',
      pattern: 'echo item-*',
      scope: { type: 'global' },
    });
    const items = Array.from({ length: 40 }, (_, index) => `item-${index}`);
    await eventually(
      async () => (await reviewer.rules.evaluate({ command: 'echo item-0' })).verdict === 'allow',
      'the rule',
    );
    const results = await Promise.all(items.map((item) => client.run(`echo ${item}`, { cwd: folder })));
    expect(results.map((result) => result.stdout.trim())).toEqual(items);
    expect(new Set(results.map((result) => result.approved.claims.jti)).size).toBe(items.length);
  });

  it.each(['websocket', 'rest'] as const)(
    'the server is killed while a command waits (%s)',
    async (transport) => {
      const patient = connect({ transport });
      const { command, made } = fresh();
      const answer = patient.run(command, { cwd: folder });
      const before = await pendingFor(command);
      await server.kill();
      await server.launch();
      const after = await pendingFor(command);
      expect(after.id).toBe(before.id);
      await reviewer.approve(after);
      expect(await answer).toMatchObject({ exitCode: 0, reported: true });
      expect(existsSync(made)).toBe(true);
      await patient.close();
    },
    60_000,
  );

  it('the same idempotency key is the same command', async () => {
    const { command } = fresh();
    const other = connect();
    const answers = Promise.allSettled([
      client.submit(command, { idempotencyKey: 'once', cwd: folder }),
      other.submit(command, { idempotencyKey: 'once', cwd: folder }),
    ]);
    await reviewer.deny(await pendingFor(command));
    const ids = (await answers).map((answer) => answer.status === 'rejected' && answer.reason.commandId);
    expect(ids[0]).toMatch(/^cmd_/);
    expect(ids[1]).toBe(ids[0]);
    await other.close();
  });

  it.each(['websocket', 'rest'] as const)('aborting withdraws the request (%s)', async (transport) => {
    const asking = connect({ transport });
    const { command } = fresh();
    const stop = new AbortController();
    const answer = asking.submit(command, { signal: stop.signal });
    const refused = expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    const { id } = await pendingFor(command);
    stop.abort();
    await refused;
    await eventually(async () => (await reviewer.approval(id)).close_reason === 'cancelled', 'withdrawal');
    await asking.close();
  });

  it('cancel withdraws from outside, and whoever waits is told', async () => {
    const { command } = fresh();
    const answer = client.submit(command, { onPending: ({ commandId }) => void client.cancel(commandId) });
    await expect(answer).rejects.toMatchObject({ name: 'ExpactiCancelled' });
  });

  it('a tool is entered with the approved arguments only', async () => {
    const body = (approved: Record<string, unknown>): string => `sent to ${approved.to}`;
    const text = JSON.stringify({ arguments: { to: 'a@example.com' }, tool: 'send_mail' });
    const [sent] = await Promise.all([client.callTool('send_mail', { to: 'a@example.com' }, body), approve(text)]);
    expect(sent).toBe('sent to a@example.com');
  });

  it('a file transfer is approved like anything else', async () => {
    const request = { kind: 'file_transfer', direction: 'upload', paths: ['/srv/b', '/srv/a'], bytes: 12 } as const;
    const answer = client.submit({ ...request, paths: [...request.paths] });
    const approval = await pendingOne(({ kind }) => kind === 'file_transfer');
    await reviewer.approve(approval);
    expect(JSON.parse((await answer).command)).toEqual({ direction: 'upload', paths: ['/srv/b', '/srv/a'], bytes: 12 });
  });

  it('the tool for models answers a denial with its reason', async () => {
    const { command, made } = fresh();
    const terminal = new ExpactiTool({ client, cwd: folder });
    const answer = terminal.call({ command, reason: 'the model says so' });
    const approval = await pendingFor(command);
    expect(approval.reason).toBe('the model says so');
    await reviewer.deny(approval, { reason: 'use the API' });
    expect(await answer).toContain('use the API');
    expect(existsSync(made)).toBe(false);
  });

  it('a wrong token, and one of the other side, are refused', async () => {
    for (const token of ['shell_00000000000000000000000000000000', REVIEWER_TOKEN]) {
      for (const transport of ['websocket', 'rest'] as const) {
        const wrong = connect({ token, transport });
        await expect(wrong.submit('id')).rejects.toMatchObject({ name: 'ExpactiUnauthorized' });
        await wrong.close();
      }
    }
    await expect(new ExpactiReviewer({ url: server.url, token: SHELL_TOKEN }).pending()).rejects.toMatchObject({
      name: 'ExpactiUnauthorized',
    });
  });

  it('what the server finds invalid says where', async () => {
    await expect(client.submit('id', { target: 'no-such-target' })).rejects.toMatchObject({
      name: 'ExpactiInvalid',
      code: 'UNKNOWN_TARGET',
    });
    const rest = connect({ transport: 'rest' });
    await expect(rest.submit('', {})).rejects.toMatchObject({ name: 'ExpactiInvalid', fields: [{ path: 'command' }] });
    await rest.close();
  });

  it('a vote for what changed meanwhile is refused', async () => {
    const { command } = fresh();
    const answer = client.submit(command).catch((error: Error) => error.name);
    const seen = await pendingFor(command);
    await expect(reviewer.approve({ ...seen, command_sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'TEXT_MISMATCH',
    });
    await expect(reviewer.approve({ ...seen, version: 9 })).rejects.toMatchObject({ code: 'STALE_VERSION' });
    await reviewer.deny(seen);
    expect(await answer).toBe('ExpactiDenied');
  });

  it('closing ends the session', async () => {
    await client.submit('echo item-0');
    const { sessionId } = client;
    await client.close();
    await eventually(async () => {
      const { data } = await reviewer.sessions();
      return data.find((session) => session.id === sessionId)?.ended_at;
    }, 'the end of the session');
  });

  it.each([
    ['ESM', 'module', "import { ExpactiClient } from '@expacti/sdk';"],
    ['CommonJS', 'commonjs', "const { ExpactiClient } = require('@expacti/sdk');"],
  ])('as published (%s): a script that forgets to close still ends', async (_name, type, head) => {
    const script = `${head} new ExpactiClient().run('echo item-0').then(({ stdout }) => process.stdout.write(stdout));`;
    const child = new Child(process.execPath, [`--input-type=${type}`, '-e', script], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { EXPACTI_URL: server.url, EXPACTI_SHELL_TOKEN: SHELL_TOKEN, NODE_OPTIONS: '' },
    });
    const { code } = await child.exited();
    expect([code, child.output]).toEqual([0, 'item-0']);
  });
});
