import { importJwks, sha256Hex, verifyReceipt } from '@expacti/crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, type Frame } from './support/agent.js';
import { approvalOf, auditOf, vote } from './support/queue.js';
import { caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

let server: RunningServer;
let agent: Agent;
beforeAll(async () => {
  server = await RunningServer.start();
  agent = await Agent.connect(server.url, SHELL_TOKEN);
}, PATIENCE_MS);
afterAll(() => server.remove());

const review = () => caller(server.url, REVIEWER_TOKEN);

let counter = 0;
/** Submits what is no command and resolves with the first answer. */
function ask(submission: Frame): Promise<Frame> {
  counter += 1;
  const ref = `k${counter}`;
  agent.send({ type: 'command.submit', ref, ...submission });
  return agent.answer(ref);
}
const call = (tool: string, args: Frame = {}) => ask({ kind: 'tool_call', tool, arguments: args });
const transfer = (direction: string, ...paths: string[]) => ask({ kind: 'file_transfer', direction, paths });

const outcomeOf = ({ type, outcome }: Frame): string => (type === 'command.pending' ? 'held' : outcome);

async function addRule(fields: Frame): Promise<string> {
  const made = await review()('POST', '/rules', { effect: 'allow', scope: { type: 'global' }, ...fields });
  expect([made.body.code, made.status]).toEqual([undefined, 201]);
  return made.body.id;
}

/** What a receipt says, once signature and time were checked. */
async function claimsOf(receipt: string): Promise<Frame> {
  const { body } = await review()('GET', '/receipt-keys');
  const verified = verifyReceipt(receipt, importJwks(body), Date.now());
  if (!verified.ok) throw new Error(verified.fault);
  return verified.claims as unknown as Frame;
}

describe('a tool call', () => {
  const args = { to: 'ops@example.com', body: { text: 'é \u202e', retries: 2 } };
  const canonical = '{"arguments":{"body":{"retries":2,"text":"é \u202e"},"to":"ops@example.com"},"tool":"mail.send"}';

  it('is held, shown as it is, approved, and runs by a receipt for its canonical JSON', async () => {
    const pending = await call('mail.send', args);
    expect(pending.type).toBe('command.pending');
    const approval = await approvalOf(review(), pending.approval_id);
    expect(approval).toMatchObject({ kind: 'tool_call', command: canonical, command_sha256: sha256Hex(canonical) });
    // What would turn the text around on a screen is spelled out.
    expect(approval.command_escaped).not.toContain('\u202e');

    expect((await vote(review(), pending.approval_id, 'approve')).status).toBe(200);
    const decided = await agent.decided(pending.ref);
    expect(decided).toMatchObject({ outcome: 'allowed', source: 'reviewer', command: canonical, edited: false });
    expect(await claimsOf(decided.receipt)).toMatchObject({ sub: pending.command_id, sha256: sha256Hex(canonical) });

    agent.send({ type: 'command.result', command_id: pending.command_id, exit_code: 0, duration_ms: 3 });
    const entries = await auditOf(review(), pending.command_id, 3);
    expect(entries.map(({ action }) => action)).toEqual(['command.submitted', 'command.started', 'command.finished']);
    expect(entries[0]?.data.command).toMatchObject({ kind: 'tool_call', command: canonical });
    const { body: history } = await review()('GET', '/commands?kind=tool_call');
    expect(history.data[0]).toMatchObject({ id: pending.command_id, kind: 'tool_call', status: 'allowed' });
  });

  it('is the same call whatever the order of its fields', async () => {
    const pending = await call('order', { b: 1, a: { d: 1, c: 2 } });
    expect((await approvalOf(review(), pending.approval_id)).command).toBe(
      '{"arguments":{"a":{"c":2,"d":1},"b":1},"tool":"order"}',
    );
  });

  it('is allowed by a rule for its name and its arguments, and for nothing beside them', async () => {
    const id = await addRule({
      kind: 'tool_call',
      pattern_type: 'glob',
      pattern: 'deploy.*',
      matchers: [
        { pointer: '/env', equals: 'staging' },
        { pointer: '/service', glob: 'web-*' },
      ],
    });
    const good = { env: 'staging', service: 'web-1' };
    const decided = await call('deploy.start', good);
    expect(decided).toMatchObject({ outcome: 'allowed', source: 'rule', rule_id: id });
    expect((await claimsOf(decided.receipt)).sha256).toBe(sha256Hex(decided.command));
    for (const [tool, given] of [
      ['deploy.start', { ...good, env: 'production' }],
      ['deploy.start', { ...good, env: ['staging'] }],
      ['deploy.start', { ...good, service: 'db-1' }],
      ['deploy.start', { env: 'staging' }],
      ['deploystart', good],
      ['other', good],
    ] as const)
      expect([tool, given, outcomeOf(await call(tool, given))]).toEqual([tool, given, 'held']);
  });

  it('is denied by a deny rule, whatever else allows it', async () => {
    await addRule({ kind: 'tool_call', pattern_type: 'glob', pattern: 'db.*' });
    const dropping = { pointer: '/statement', glob: 'DROP *' };
    const id = await addRule({
      effect: 'deny',
      kind: 'tool_call',
      pattern_type: 'glob',
      pattern: 'db.*',
      matchers: [dropping],
    });
    expect(outcomeOf(await call('db.query', { statement: 'SELECT 1' }))).toBe('allowed');
    const denied = await call('db.query', { statement: 'DROP TABLE users' });
    expect(denied).toMatchObject({ outcome: 'denied', source: 'rule', rule_id: id });
    expect(denied).not.toHaveProperty('receipt');
  });

  it('is no command: rules for commands do not speak about it, and nobody edits it', async () => {
    await addRule({ pattern_type: 'glob', pattern: 'mixed **' });
    await addRule({ pattern_type: 'exact', pattern: 'mixed' });
    const pending = await call('mixed');
    expect(outcomeOf(pending)).toBe('held');
    const edited = await vote(review(), pending.approval_id, 'approve', { edited_command: 'id' });
    expect([edited.status, edited.body.code]).toEqual([422, 'INVALID']);
  });
});

describe('a file transfer', () => {
  it('is held, approved, and runs by a receipt for direction and paths', async () => {
    const canonical = '{"bytes":12,"direction":"upload","paths":["/srv/a","/srv/b"]}';
    const pending = await ask({ kind: 'file_transfer', direction: 'upload', paths: ['/srv/a', '/srv/b'], bytes: 12 });
    expect(await approvalOf(review(), pending.approval_id)).toMatchObject({
      kind: 'file_transfer',
      command: canonical,
    });
    await vote(review(), pending.approval_id, 'approve');
    const decided = await agent.decided(pending.ref);
    expect(decided).toMatchObject({ outcome: 'allowed', command: canonical });
    expect(await claimsOf(decided.receipt)).toMatchObject({ sha256: sha256Hex(canonical) });
    const [submitted] = await auditOf(review(), pending.command_id, 2);
    expect(submitted?.data.command).toMatchObject({ kind: 'file_transfer', command: canonical });
  });

  it('is allowed by path and direction, when every path is covered', async () => {
    await addRule({ kind: 'file_transfer', pattern_type: 'glob', pattern: '/srv/logs/*.log', direction: 'download' });
    await addRule({ kind: 'file_transfer', pattern_type: 'glob', pattern: '/srv/public/**', direction: 'download' });
    expect(outcomeOf(await transfer('download', '/srv/logs/a.log'))).toBe('allowed');
    expect(outcomeOf(await transfer('download', '/srv/logs/a.log', '/srv/public/x/y.txt'))).toBe('allowed');
    for (const [direction, ...paths] of [
      ['upload', '/srv/logs/a.log'],
      ['download', '/srv/logs/a.log', '/etc/shadow'],
      ['download', '/srv/logs/sub/a.log'],
      ['download', '/srv/public/../../etc/shadow'],
      ['download', '/srv/logs/./a.log'],
      ['download', 'srv/logs/a.log'],
      ['download', '/srv/logs/a.log\n'],
    ] as [string, ...string[]][])
      expect([direction, paths, outcomeOf(await transfer(direction, ...paths))]).toEqual([direction, paths, 'held']);
  });

  it('is denied by a deny rule, also where it leads there by a detour', async () => {
    await addRule({ kind: 'file_transfer', pattern_type: 'glob', pattern: '/srv/public/**', direction: 'upload' });
    await addRule({ effect: 'deny', kind: 'file_transfer', pattern_type: 'glob', pattern: '/etc/**' });
    expect(outcomeOf(await transfer('upload', '/etc/passwd'))).toBe('denied');
    expect(outcomeOf(await transfer('upload', '/srv/public/ok', '/etc/passwd'))).toBe('denied');
    expect(outcomeOf(await transfer('upload', '/srv/public/../../etc/passwd'))).not.toBe('allowed');
  });
});

describe('the kinds apart', () => {
  it('are filtered in the history, and counted together in the audit log', async () => {
    const kinds = async (kind: string) =>
      ((await review()('GET', `/commands?kind=${kind}&limit=200`)).body.data as Frame[]).map((command) => command.kind);
    expect(new Set(await kinds('tool_call'))).toEqual(new Set(['tool_call']));
    expect(new Set(await kinds('file_transfer'))).toEqual(new Set(['file_transfer']));
    expect(await kinds('command')).toEqual([]);
  });

  it('are asked for by REST alike', async () => {
    const rest = caller(server.url, SHELL_TOKEN);
    const { status, body } = await rest('POST', '/commands', { kind: 'tool_call', tool: 'rest', arguments: { a: 1 } });
    expect([status, body.kind, body.command]).toEqual([202, 'tool_call', '{"arguments":{"a":1},"tool":"rest"}']);
    const again = await rest('GET', `/commands/${body.id}`);
    expect(again.body).toMatchObject({ kind: 'tool_call', status: 'pending' });
  });

  it('refuse what mixes them', async () => {
    for (const mixed of [
      { kind: 'tool_call', command: 'id' },
      { kind: 'tool_call', tool: 't' },
      { kind: 'file_transfer', direction: 'upload', paths: [] },
      { kind: 'file_transfer', direction: 'upload', paths: ['/a'], command: 'id' },
      { kind: 'other', command: 'id' },
    ])
      expect(await ask(mixed)).toMatchObject({ type: 'error', code: 'INVALID' });
  });
});
