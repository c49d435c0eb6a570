import { eventually } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { Agent, type Frame } from './support/agent.js';
import { approvalOf, auditOf, vote } from './support/queue.js';
import { caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start();
}, PATIENCE_MS);
afterAll(() => server.remove());

const review = () => caller(server.url, REVIEWER_TOKEN);
const ask = () => caller(server.url, SHELL_TOKEN);
const setTimeouts = async (timeout: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  expect((await review()('PATCH', '/org', { timeout, ...more })).status).toBe(200);

/** Submits and waits until it is held. */
async function held(agent: Agent, command: string): Promise<Frame> {
  const answer = await agent.answer(agent.submit(command));
  expect(answer.type).toBe('command.pending');
  return answer;
}

/** What waiting would do, without waiting: while the server is down, the deadlines of all that waits move to the past. */
const letDeadlinesPass = (): Promise<void> =>
  server.sql("UPDATE approvals_requests SET deadline_at = created_at + 1 WHERE status = 'pending'");

describe('a server that is told to stop', () => {
  it(
    'ends at once and in order, whoever is connected; what waits is decided after the next start',
    async () => {
      await setTimeouts({ action: 'hold', seconds: 3_600 });
      const agent = await Agent.connect(server.url, SHELL_TOKEN);
      const waiting = await held(agent, 'make one');
      const refused = await held(agent, 'make two');
      const poll = ask()('POST', '/commands', { command: 'make three', wait_seconds: 60 }).catch(() => 'cut off');
      const reviewer = io(`${server.url}/reviewer`, {
        auth: { token: REVIEWER_TOKEN },
        transports: ['websocket'],
        reconnection: false,
      });
      const left = new Promise((resolve) => void reviewer.on('disconnect', resolve));
      await new Promise<void>((resolve) => void reviewer.on('ready', () => resolve()));
      await eventually(async () => (await review()('GET', '/approvals?status=pending')).body.data.length === 3);

      const began = performance.now();
      // 0: it came to its own end. A server that hangs is killed after ten seconds and has no code.
      expect(await server.stop()).toBe(0);
      expect(performance.now() - began).toBeLessThan(9_000);
      expect(await agent.closed()).toBe(1001);
      await Promise.all([left, poll]);

      await server.launch();
      const pending = (await review()('GET', '/approvals?status=pending')).body.data as Frame[];
      expect(pending.map(({ command }) => command).sort()).toEqual(['make one', 'make three', 'make two']);
      const back = await Agent.connect(server.url, SHELL_TOKEN, { session_id: agent.welcome.session_id });
      expect(back.welcome).toMatchObject({ type: 'welcome', session_id: agent.welcome.session_id });
      for (const { command_id } of [waiting, refused]) back.send({ type: 'command.status', command_id });
      await back.next(() => back.frames.filter(({ type }) => type === 'command.pending').length === 2);

      expect((await vote(review(), waiting.approval_id, 'approve')).status).toBe(200);
      expect((await vote(review(), refused.approval_id, 'deny', { reason: 'not now' })).status).toBe(200);
      const decided = (id: string) =>
        back.next(({ type, command_id }) => type === 'command.decided' && command_id === id);
      // This is not the connection that submitted it: the receipt is for whoever asks, once.
      expect(await decided(waiting.command_id)).toMatchObject({ outcome: 'allowed', source: 'reviewer', ref: 'r1' });
      expect(await decided(waiting.command_id)).not.toHaveProperty('receipt');
      expect(await decided(refused.command_id)).toMatchObject({ outcome: 'denied', reason: 'not now' });
      back.send({ type: 'command.start', command_id: waiting.command_id });
      expect((await back.next(({ type }) => type === 'command.started')).receipt).toMatch(/^ey/);
      back.send({ type: 'command.start', command_id: waiting.command_id });
      expect(await back.next(({ type }) => type === 'error')).toMatchObject({
        code: 'ALREADY_STARTED',
        command_id: waiting.command_id,
      });
      back.close();
    },
    PATIENCE_MS,
  );
});

describe('a deadline that passes while the server is down', () => {
  it(
    'closes as a timeout after the start, exactly once, as what it is and not as a denial by somebody',
    async () => {
      await setTimeouts({ action: 'deny', seconds: 60 });
      const agent = await Agent.connect(server.url, SHELL_TOKEN);
      const late = await held(agent, 'make late');
      expect(await server.stop()).toBe(0);
      await letDeadlinesPass();
      await server.launch();

      const answer = await ask()('GET', `/commands/${late.command_id}?wait_seconds=10`);
      expect(answer.body).toMatchObject({
        status: 'denied',
        decision: { outcome: 'denied', source: 'timeout', reviewers: [] },
      });
      expect(await approvalOf(review(), late.approval_id)).toMatchObject({ status: 'denied', close_reason: 'timeout' });
      expect((await vote(review(), late.approval_id, 'approve')).body.code).toBe('ALREADY_CLOSED');
      await server.stop();
      await server.launch();
      const entries = await auditOf(review(), late.approval_id, 2);
      expect(entries.map(({ action }) => action)).toEqual(['approval.requested', 'approval.closed']);
      expect(entries[1]).toMatchObject({ actor: { kind: 'system' }, data: { close_reason: 'timeout' } });
    },
    PATIENCE_MS,
  );
});

describe('the timeout policy', () => {
  it('hold waits as long as it says, a day at most', async () => {
    await setTimeouts({ action: 'hold', seconds: 86_400 });
    const agent = await Agent.connect(server.url, SHELL_TOKEN);
    const { approval_id } = await held(agent, 'make hold');
    const { created_at, deadline_at } = await approvalOf(review(), approval_id);
    expect(Date.parse(deadline_at) - Date.parse(created_at)).toBe(86_400_000);
    const tooLong = await review()('PATCH', '/org', { timeout: { action: 'hold', seconds: 86_401 } });
    expect([tooLong.status, tooLong.body.code]).toEqual([422, 'INVALID']);
    for (const seconds of [29, 601])
      expect((await review()('PATCH', '/org', { timeout: { action: 'deny', seconds } })).body.code).toBe('INVALID');
    agent.send({
      type: 'command.cancel',
      command_id: agent.frames.find(({ type }) => type === 'command.pending')?.command_id,
    });
    expect(await agent.decided('r1')).toMatchObject({ outcome: 'denied', source: 'cancelled' });
  });

  it(
    'allow is an owner’s confirmed choice, and runs nothing but what was understood and is harmless',
    async () => {
      const unconfirmed = await review()('PATCH', '/org', { timeout: { action: 'allow', seconds: 30 } });
      expect([unconfirmed.status, unconfirmed.body.errors[0].path]).toEqual([422, 'confirm_allow_timeout']);
      await setTimeouts({ action: 'allow', seconds: 30 }, { confirm_allow_timeout: true });
      const rule = { effect: 'review', pattern_type: 'glob', pattern: 'date **', scope: { type: 'global' } };
      expect((await review()('POST', '/rules', rule)).status).toBe(201);
      const agent = await Agent.connect(server.url, SHELL_TOKEN);
      const commands = {
        'echo harmless': 'allowed',
        'rm -rf /srv/data': 'denied',
        'echo $(( ': 'denied',
        'date -u': 'denied',
      };
      const pending = new Map<string, Frame>();
      for (const command of Object.keys(commands)) pending.set(command, await held(agent, command));
      const call = await agent.answer(
        agent.submit('', { kind: 'tool_call', tool: 't', arguments: {}, command: undefined }),
      );
      expect(call.type).toBe('command.pending');
      expect(await server.stop()).toBe(0);
      await letDeadlinesPass();
      await server.launch();
      for (const [command, outcome] of Object.entries(commands)) {
        const { body } = await ask()('GET', `/commands/${pending.get(command)?.command_id}?wait_seconds=10`);
        expect([command, body.status, body.decision.source]).toEqual([command, outcome, 'timeout']);
      }
      const { body: decidedCall } = await ask()('GET', `/commands/${call.command_id}?wait_seconds=10`);
      expect([decidedCall.status, decidedCall.decision.source]).toEqual(['denied', 'timeout']);
      const started = await ask()('POST', `/commands/${pending.get('echo harmless')?.command_id}/start`, {});
      expect([started.status, typeof started.body.decision.receipt]).toEqual([200, 'string']);
      await setTimeouts({ action: 'deny', seconds: 60 });
    },
    PATIENCE_MS,
  );
});

describe('/metrics', () => {
  const read = (headers: Record<string, string> = {}) =>
    caller(server.url, null)('GET', '//metrics', undefined, headers);

  it('counts what was asked for and what became of it', async () => {
    const rule = { effect: 'allow', pattern_type: 'exact', pattern: 'echo counted', scope: { type: 'global' } };
    expect((await review()('POST', '/rules', rule)).status).toBe(201);
    const agent = await Agent.connect(server.url, SHELL_TOKEN);
    const figure = async (line: string) => {
      const { status, body, headers } = await read();
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
      const found = (body as unknown as string).split('\n').find((one) => one.startsWith(`${line} `));
      return Number(found?.split(' ')[1] ?? 0);
    };
    const before = await figure('expacti_submissions_total{result="allowed"}');
    await agent.decided(agent.submit('echo counted'));
    expect(await figure('expacti_submissions_total{result="allowed"}')).toBe(before + 1);
    expect(await figure('expacti_agent_sockets')).toBeGreaterThanOrEqual(1);
    expect(await figure('expacti_submission_seconds_count')).toBeGreaterThan(0);
    expect(await figure('process_start_time_seconds')).toBeGreaterThan(0);
    const text = (await read()).body as unknown as string;
    for (const secret of [SHELL_TOKEN, 'echo counted', 'org_']) expect(text).not.toContain(secret);
  });

  it('are for this machine, not for what a proxy on it hands on', async () => {
    expect((await read({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
    expect((await read({ forwarded: 'for=203.0.113.7' })).status).toBe(403);
  });

  it(
    'are for whoever has the token, where one is configured',
    async () => {
      const token = 'metrics-token-of-this-test';
      expect(await server.stop()).toBe(0);
      await server.launch({ metrics_token: token });
      expect((await read()).status).toBe(403);
      expect((await read({ authorization: 'Bearer metrics-token-of-this-tesT' })).status).toBe(403);
      expect((await read({ authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.7' })).status).toBe(200);
      expect(await server.stop()).toBe(0);
      await server.launch();
    },
    PATIENCE_MS,
  );
});
