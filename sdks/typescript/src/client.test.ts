import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ScriptedGateway } from '../test/scripted-gateway.js';
import { ExpactiClient } from './client.js';
import type { ExpactiClientOptions } from './client-options.js';

let gateway: ScriptedGateway;
let client: ExpactiClient;
let folder: string;

const clientWith = (more: ExpactiClientOptions = {}): ExpactiClient =>
  new ExpactiClient({
    url: gateway.url,
    token: 'shell_test',
    backoff: { baseMs: 1, maxMs: 5 },
    unavailableAfterMs: 200,
    ...more,
  });

beforeEach(async () => {
  gateway = await ScriptedGateway.start();
  client = clientWith();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'expacti-sdk-')));
});
afterEach(async () => {
  await client.close();
  await gateway.close();
  await rm(folder, { recursive: true });
  expect(gateway.violations).toEqual([]);
});

const canary = (): string => join(folder, 'canary');
const touch = (): string => `touch ${canary()}`;

describe('submit', () => {
  it('returns what was approved, verified', async () => {
    gateway.plan('ls -la', { outcome: 'allowed', reason: 'fine' });
    const approved = await client.submit('ls -la', { cwd: '/tmp', reason: 'to look', context: { task: 1 } });
    expect(approved).toMatchObject({
      command: 'ls -la',
      edited: false,
      cwd: '/tmp',
      source: 'reviewer',
      reason: 'fine',
    });
    expect(gateway.frames[1]).toMatchObject({ kind: 'command', reason: 'to look', context: { task: 1 } });
  });

  it('tells who waits for whom while it is held', async () => {
    gateway.plan('id', { held: true, outcome: 'allowed' });
    const approved = await client.submit('id', {
      onPending: (notice) => {
        expect(notice).toMatchObject({ reviewUrl: 'http://127.0.0.1/app', requirement: { require_n_approvers: 1 } });
        gateway.decide('id');
      },
    });
    expect(approved.command).toBe('id');
  });

  it.each([
    ['reviewer', 'ExpactiDenied', 'Denied by Rita: not today'],
    ['rule', 'ExpactiDenied', 'Denied by a rule: not today'],
    ['policy', 'ExpactiDenied', 'Denied by policy: not today'],
    ['error', 'ExpactiDenied', 'Denied because the server failed: not today'],
    ['timeout', 'ExpactiTimeout', 'Nobody decided before the deadline.'],
    ['cancelled', 'ExpactiCancelled', 'The request was withdrawn.'],
  ] as const)('a denial by %s is an %s', async (source, name, message) => {
    gateway.plan('id', { outcome: 'denied', source, reason: 'not today' });
    await expect(client.submit('id')).rejects.toMatchObject({ name, message, source, reason: 'not today' });
  });

  it('a wrong token is refused at once', async () => {
    const other = clientWith({ token: 'shell_wrong' });
    await expect(other.submit('id')).rejects.toMatchObject({ name: 'ExpactiUnauthorized', code: 'UNAUTHENTICATED' });
    await other.close();
  });

  it('an invalid request says what is wrong', async () => {
    gateway.faults.push({ at: 'command.submit', what: { error: 'UNKNOWN_TARGET' } });
    await expect(client.submit('id')).rejects.toMatchObject({ name: 'ExpactiInvalid', code: 'UNKNOWN_TARGET' });
  });

  it('a server that is not there is unavailable, never a yes', async () => {
    const lonely = clientWith({ url: 'http://127.0.0.1:9' });
    await expect(lonely.submit('id')).rejects.toMatchObject({ name: 'ExpactiUnavailable', code: 'UNREACHABLE' });
    await lonely.close();
  });

  it('tries again when the server asks for it, as the same command', async () => {
    gateway.faults.push({ at: 'command.submit', what: { error: 'UNAVAILABLE' } });
    await client.submit('id');
    expect(gateway.commands).toHaveLength(1);
  });

  it('a client that was closed asks nothing', async () => {
    await client.close();
    await expect(client.submit('id')).rejects.toMatchObject({ code: 'CLOSED' });
    expect(gateway.frames).toEqual([]);
  });
});

describe('lost connections', () => {
  it('a submission whose connection broke is the same command, not a second one', async () => {
    gateway.plan('id', { held: true, outcome: 'allowed' });
    gateway.faults.push({ at: 'command.submit', what: 'drop-after' });
    await client.submit('id', { onPending: () => gateway.decide('id') });
    expect(gateway.commands).toHaveLength(1);
    expect(gateway.frames.filter((frame) => frame.type === 'command.submit')).toHaveLength(2);
  });

  it('after a reconnect the session goes on, and the decision made meanwhile is taken with its receipt', async () => {
    gateway.plan('id', { held: true, outcome: 'allowed' });
    const approved = await client.submit('id', {
      onPending: () => {
        gateway.dropAll();
        const [command] = gateway.commands;
        if (command) command.status = 'allowed';
      },
    });
    expect(approved.claims.session_id).toBe(client.sessionId);
    expect(gateway.frames.map((frame) => frame.type)).toEqual([
      'hello',
      'command.submit',
      'hello',
      'command.status',
      'command.start',
    ]);
    expect(gateway.frames[2]).toMatchObject({ session_id: client.sessionId });
  });

  it('a session that is gone is replaced', async () => {
    await client.submit('first');
    gateway.dropAll();
    gateway.faults.push({ at: 'hello', what: { error: 'NOT_FOUND' } });
    await expect(client.submit('second')).resolves.toMatchObject({ command: 'second' });
  });

  it('a receipt that was lost on the way runs nothing and says so', async () => {
    gateway.faults.push({ at: 'command.submit', what: 'drop-after' });
    await expect(client.run(touch(), { cwd: folder })).rejects.toMatchObject({
      name: 'ExpactiReceiptError',
      code: 'RECEIPT_LOST',
    });
    expect(existsSync(canary())).toBe(false);
  });

  it('goes on over REST while no WebSocket can be had', async () => {
    gateway.refuseUpgrades = 502;
    gateway.plan('id', { held: true, outcome: 'allowed' });
    const approved = await client.submit('id', { onPending: () => gateway.decide('id') });
    expect(approved.command).toBe('id');
    expect(gateway.frames).toEqual([]);
    expect(gateway.requests).toContain(`POST /api/v1/commands/${approved.commandId}/start`);
  });

  it('over REST a repeated submission is the same command too', async () => {
    gateway.refuseUpgrades = 502;
    gateway.faults.push(
      { at: 'POST /commands', what: 'drop' },
      { at: 'POST /commands', what: { error: 'UNAVAILABLE' } },
    );
    await client.submit('id');
    expect(gateway.commands).toHaveLength(1);
  });

  it('a poll that breaks is repeated', async () => {
    const rest = clientWith({ transport: 'rest' });
    gateway.plan('id', { held: true, outcome: 'denied', source: 'timeout' });
    gateway.faults.push({ at: 'GET /command', what: 'drop' });
    const answer = rest.submit('id');
    void gateway.until(() => gateway.requests.length >= 3).then(() => gateway.decide('id'));
    await expect(answer).rejects.toMatchObject({ name: 'ExpactiTimeout' });
    await rest.close();
  });
});

describe('abort', () => {
  it('withdraws a held command and rejects with the reason', async () => {
    gateway.plan('id', { held: true, outcome: 'allowed' });
    const stop = new AbortController();
    const answer = client.submit('id', {
      signal: stop.signal,
      onPending: () => stop.abort(new Error('changed my mind')),
    });
    await expect(answer).rejects.toThrow('changed my mind');
    await gateway.until(() => gateway.commands[0]?.cancelled === true);
  });

  it('withdraws a submission that the server had not acknowledged yet', async () => {
    gateway.plan('id', { held: true, outcome: 'allowed' });
    await client.submit('warm up');
    const stop = new AbortController();
    const answer = client.submit('id', { signal: stop.signal });
    const sent = gateway.until(() => gateway.commands.length === 2);
    // Every promise step up to the sending runs before the next tick; the answer needs the event loop.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    stop.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await sent;
    await gateway.until(() => gateway.commands[1]?.cancelled === true);
  });

  it('withdraws over REST too', async () => {
    const rest = clientWith({ transport: 'rest' });
    gateway.plan('id', { held: true, outcome: 'allowed' });
    const stop = new AbortController();
    const answer = rest.submit('id', { signal: stop.signal, onPending: () => stop.abort() });
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await rest.close();
    expect(gateway.commands[0]?.cancelled).toBe(true);
  });

  it('closing the client withdraws what it waits for', async () => {
    gateway.plan('id', { held: true, outcome: 'allowed' });
    let pending: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      pending = resolve;
    });
    const answer = client.submit('id', { onPending: pending });
    const refused = expect(answer).rejects.toMatchObject({ code: 'CLOSED' });
    await held;
    await client.close();
    await refused;
    await gateway.until(() => gateway.commands[0]?.cancelled === true);
  });
});

describe('run', () => {
  it('executes exactly the approved bytes, streams, and reports the result', async () => {
    const text = `printf '%s' "a  b" > ${canary()}; echo out; echo err >&2; exit 4`;
    const seen: string[] = [];
    const result = await client.run(text, {
      cwd: folder,
      onOutput: ({ stream, data }) => seen.push(`${stream}:${data}`),
    });
    expect(result).toMatchObject({ exitCode: 4, stdout: 'out\n', stderr: 'err\n', reported: true });
    expect(seen.sort()).toEqual(['stderr:err\n', 'stdout:out\n']);
    expect(await readFile(canary(), 'utf8')).toBe('a  b');
    expect(gateway.commands[0]?.result).toMatchObject({ exit_code: 4, signal: null, output_bytes: 8 });
  });

  it('runs the reviewer’s text when it was edited', async () => {
    gateway.plan('rm -rf /', { outcome: 'allowed', edited: 'echo no' });
    const result = await client.run('rm -rf /', { cwd: folder });
    expect(result).toMatchObject({ stdout: 'no\n', approved: { edited: true, command: 'echo no' } });
  });

  it('a denied command is never entered', async () => {
    gateway.plan(touch(), { outcome: 'denied', reason: 'no' });
    await expect(client.run(touch(), { cwd: folder })).rejects.toMatchObject({ name: 'ExpactiDenied' });
    expect(existsSync(canary())).toBe(false);
  });

  const lies: [string, Parameters<ScriptedGateway['plan']>[1]][] = [
    ['no receipt', { outcome: 'allowed', receipt: () => undefined }],
    [
      'a receipt for another text',
      { outcome: 'allowed', receipt: (claims) => gateway.mint.sign({ ...claims, sha256: '0'.repeat(64) }) },
    ],
    [
      'a receipt for another folder',
      { outcome: 'allowed', receipt: (claims) => gateway.mint.sign({ ...claims, cwd: '/' }) },
    ],
    ['an expired receipt', { outcome: 'allowed', receipt: (claims) => gateway.mint.sign({ ...claims, exp: 1 }) }],
    [
      'another session’s receipt',
      { outcome: 'allowed', receipt: (claims) => gateway.mint.sign({ ...claims, session_id: 'ses_other' }) },
    ],
    [
      'a forged signature',
      { outcome: 'allowed', receipt: (claims) => `${gateway.mint.sign(claims).slice(0, -8)}AAAAAAAA` },
    ],
    [
      'another text that is not marked as edited',
      { outcome: 'allowed', edited: 'id', forge: (decision) => ({ ...decision, edited: false }) },
    ],
    ['another folder in the decision', { outcome: 'allowed', forge: (decision) => ({ ...decision, cwd: '/' }) }],
    ['another shell in the decision', { outcome: 'allowed', forge: (decision) => ({ ...decision, shell: 'sh' }) }],
  ];
  it.each(lies)('%s runs nothing', async (_what, plan) => {
    gateway.plan(touch(), plan);
    await expect(client.run(touch(), { cwd: folder })).rejects.toMatchObject({ name: 'ExpactiReceiptError' });
    expect(existsSync(canary())).toBe(false);
  });

  it('an approval runs once, and only the very object that submit gave out', async () => {
    const approved = await client.submit('echo hi', { cwd: folder });
    await expect(client.execute({ ...approved, command: touch() })).rejects.toMatchObject({ code: 'RECEIPT_MISMATCH' });
    await client.execute(approved);
    await expect(client.execute(approved)).rejects.toMatchObject({ code: 'RECEIPT_USED' });
    expect(existsSync(canary())).toBe(false);
  });

  it('a folder that is not there is noticed before anybody is asked', async () => {
    await expect(client.run('id', { cwd: join(folder, 'missing') })).rejects.toMatchObject({ code: 'CWD_INVALID' });
    expect(gateway.frames).toEqual([]);
  });

  it('a result that cannot be reported changes nothing about the run', async () => {
    for (let index = 0; index < 4; index++) gateway.faults.push({ at: 'POST /result', what: { error: 'UNAVAILABLE' } });
    expect(await client.run('echo x', { cwd: folder })).toMatchObject({ exitCode: 0, reported: false });
  });

  it('aborting ends the command', async () => {
    const stop = new AbortController();
    const answer = client.run('echo go; exec sleep 300', {
      cwd: folder,
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(gateway.commands[0]?.result).toMatchObject({ exit_code: null, signal: 'SIGTERM' });
  });
});

describe('stream', () => {
  it('yields what happens, in order', async () => {
    gateway.plan('echo a', { held: true, outcome: 'allowed' });
    const types: string[] = [];
    for await (const event of client.stream('echo a', { cwd: folder })) {
      types.push(event.type);
      if (event.type === 'pending') gateway.decide('echo a');
    }
    expect(types).toEqual(['pending', 'approved', 'output', 'result']);
  });

  it('throws what run throws', async () => {
    gateway.plan('id', { outcome: 'denied' });
    await expect(client.stream('id').next()).rejects.toMatchObject({ name: 'ExpactiDenied' });
  });

  it('leaving the loop withdraws the command', async () => {
    gateway.plan('id', { held: true, outcome: 'allowed' });
    for await (const event of client.stream('id')) if (event.type === 'pending') break;
    await gateway.until(() => gateway.commands[0]?.cancelled === true);
  });
});

describe('callTool', () => {
  const input = { to: 'a@example.com' };

  it('enters the function with the approved arguments', async () => {
    expect(await client.callTool('send_mail', input, (approved) => approved.to)).toBe('a@example.com');
    expect(gateway.commands[0]?.result).toMatchObject({ exit_code: 0 });
  });

  it('enters it with what the reviewer made of them', async () => {
    const edited = JSON.stringify({ tool: 'send_mail', arguments: { to: 'b@example.com' } });
    gateway.plan(JSON.stringify({ tool: 'send_mail', arguments: input }), { outcome: 'allowed', edited });
    expect(await client.callTool('send_mail', input, (approved) => approved.to)).toBe('b@example.com');
  });

  it('does not enter it when denied, or when another tool came back', async () => {
    const text = JSON.stringify({ tool: 'send_mail', arguments: input });
    let entered = 0;
    const body = (): void => {
      entered += 1;
    };
    gateway.plan(text, { outcome: 'denied' });
    await expect(client.callTool('send_mail', input, body)).rejects.toMatchObject({ name: 'ExpactiDenied' });
    gateway.plan(text, { outcome: 'allowed', edited: JSON.stringify({ tool: 'pay', arguments: {} }) });
    await expect(client.callTool('send_mail', input, body)).rejects.toMatchObject({ name: 'ExpactiReceiptError' });
    expect(entered).toBe(0);
  });
});
