import { eventually } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, type Frame } from './support/agent.js';
import { vote } from './support/queue.js';
import { caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { ReviewerStream } from './support/reviewer-stream.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start();
  const timeout = { action: 'hold', seconds: 3_600 };
  expect((await review()('PATCH', '/org', { timeout, pending_limit: 1_000 })).status).toBe(200);
}, PATIENCE_MS);
afterAll(() => server.remove());

const streams: ReviewerStream[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

const review = () => caller(server.url, REVIEWER_TOKEN);

async function open(): Promise<ReviewerStream> {
  const stream = await ReviewerStream.open(server.url, REVIEWER_TOKEN);
  streams.push(stream);
  return stream;
}

const about = (approvalId: string) => (payload: Frame) => payload.approval?.id === approvalId;

async function held(agent: Agent, command: string): Promise<Frame> {
  return agent.answer(agent.submit(command));
}

describe('the reviewer stream', () => {
  it('opens with a cursor, then tells what is asked for and how it ends', async () => {
    const stream = await open();
    expect(stream.events[0]).toEqual({ name: 'ready', payload: { cursor: expect.stringMatching(/^\S{1,100}$/) } });
    const agent = await Agent.connect(server.url, SHELL_TOKEN, { session: { name: 'watched' } });
    expect((await stream.next('session.started')).session).toMatchObject({ name: 'watched' });
    const { approval_id, command_id } = await held(agent, 'make watched');
    const requested = await stream.next('approval.requested', about(approval_id));
    expect(requested.approval).toMatchObject({ command_id, command: 'make watched', status: 'pending', version: 1 });
    await vote(review(), approval_id, 'deny', { reason: 'seen' });
    const closed = await stream.next('approval.closed', about(approval_id));
    expect(closed.approval).toMatchObject({ status: 'denied', close_reason: 'reviewer' });
    expect([requested.cursor, closed.cursor]).toEqual([expect.any(String), expect.any(String)]);
    agent.send({ type: 'session.end', session_id: agent.welcome.session_id });
    expect(await stream.next('session.ended')).toEqual({ session_id: agent.welcome.session_id });
  });

  it('says which lists are stale', async () => {
    const stream = await open();
    const rule = { effect: 'deny', pattern_type: 'exact', pattern: 'stale', scope: { type: 'global' } };
    expect((await review()('POST', '/rules', rule)).status).toBe(201);
    await stream.next('changed', ({ area }) => area === 'rules');
    expect((await review()('POST', '/targets', { name: 'stale-1' })).status).toBe(201);
    await stream.next('changed', ({ area }) => area === 'targets');
    expect((await review()('POST', '/agents', { name: 'stale' })).status).toBe(201);
    await stream.next('changed', ({ area }) => area === 'agents');
    expect((await review()('PATCH', '/org', { name: 'Stale' })).status).toBe(200);
    await stream.next('changed', ({ area }) => area === 'org');
  });

  it('tells every reviewer who is there', async () => {
    const all = await Promise.all([open(), open(), open()]);
    const agent = await Agent.connect(server.url, SHELL_TOKEN);
    const { approval_id } = await held(agent, 'make known to all');
    for (const stream of all) await stream.next('approval.requested', about(approval_id));
    agent.close();
  });
});

describe('a reviewer who was away', () => {
  it('is told what changed meanwhile, as it is now, and a cursor to go on from', async () => {
    const agent = await Agent.connect(server.url, SHELL_TOKEN);
    const first = await open();
    const before = await held(agent, 'make before');
    await first.next('approval.requested', about(before.approval_id));
    const { cursor } = first;
    first.close();

    await vote(review(), before.approval_id, 'approve');
    const during = await held(agent, 'make during');
    const second = await open();
    const missed = await second.ask('changes_since', { cursor });
    expect(missed).toMatchObject({ reset: false, cursor: expect.any(String) });
    const statusOf = (id: string) => (missed.approvals as Frame[]).find((approval) => approval.id === id)?.status;
    expect([statusOf(before.approval_id), statusOf(during.approval_id)]).toEqual(['allowed', 'pending']);
    expect((await second.ask('changes_since', { cursor: missed.cursor })).reset).toBe(false);
    agent.close();
  });

  it(
    'across a restart of the server, too',
    async () => {
      const agent = await Agent.connect(server.url, SHELL_TOKEN);
      const first = await open();
      const { cursor } = first;
      const { approval_id } = await held(agent, 'make across');
      expect(await server.stop()).toBe(0);
      await eventually(() => !first.isConnected);
      await server.launch();
      const second = await open();
      const missed = await second.ask('changes_since', { cursor });
      expect((missed.approvals as Frame[]).some(({ id }) => id === approval_id)).toBe(true);
    },
    PATIENCE_MS,
  );

  it('reads everything again where too much has changed', async () => {
    const stream = await open();
    const { cursor } = stream;
    const agent = await Agent.connect(server.url, SHELL_TOKEN);
    const refs = Array.from({ length: 201 }, (_, number) => agent.submit(`make many ${number}`));
    await agent.next(() => agent.frames.filter(({ type }) => type === 'command.pending').length === refs.length);
    const missed = await stream.ask('changes_since', { cursor });
    expect(missed).toEqual({ reset: true, cursor: expect.any(String) });
    agent.close();
  });

  it.each([
    { cursor: 'forged' },
    { cursor: '' },
    { cursor: 7 },
    { cursor: 'x'.repeat(101) },
    {},
    null,
    'text',
    { cursor: 'x', surprise: 1 },
  ])('with %j reads everything again', async (request) => {
    const stream = await open();
    expect(await stream.ask('changes_since', request)).toEqual({ reset: true, cursor: expect.any(String) });
  });

  it('may say anything without harm', async () => {
    const stream = await open();
    stream.say('changes_since');
    stream.say('changes_since', { cursor: 'x' }, 'no function');
    stream.say('no.such.event', { any: 'thing' });
    stream.say('approval.closed', { approval: { id: 'apr_1' } });
    expect((await stream.ask('changes_since', { cursor: stream.cursor })).cursor).toEqual(expect.any(String));
    expect(stream.events.some(({ name }) => name === 'approval.closed')).toBe(false);
  });
});
