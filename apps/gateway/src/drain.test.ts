import type { AgentPrincipal, Command, RpcResponse } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { held } from '../test/authorities.js';
import { agent, allowedCommand, approval, record, reviewer } from '../test/fixtures.js';
import { GatewayApp } from '../test/gateway-app.js';
import { Peer } from '../test/socket-rig.js';

const TOKEN = 'shell_11111111111111111111111111111111';

let gateway: GatewayApp;
let bot: AgentPrincipal;
let peers: Peer[];
beforeEach(async () => {
  gateway = await GatewayApp.start({ weaknesses: ['the disk is made of paper'] });
  bot = agent();
  gateway.principals.set(TOKEN, bot);
  gateway.principals.set('rita', reviewer());
  peers = [];
});
afterEach(async () => {
  for (const peer of peers) peer.close();
  await gateway.remove();
});

async function connect(): Promise<Peer> {
  const peer = new Peer(`${gateway.url.replace('http', 'ws')}/ws/agent`, { authorization: `Bearer ${TOKEN}` });
  peers.push(peer);
  await peer.opened();
  peer.send({ type: 'hello', protocol: 1, client: { name: 'test', version: '1' } });
  await peer.next(({ type }) => type === 'welcome');
  return peer;
}

const ask = (path: string, options: RequestInit = {}) =>
  fetch(`${gateway.url}${path}`, {
    ...options,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...options.headers },
  });

const readiness = async () => {
  const response = await ask('/readyz');
  const { checks } = (await response.json()) as { checks: { name: string; ok: boolean; problem?: string }[] };
  return { status: response.status, wrong: checks.filter(({ ok }) => !ok), names: checks.map(({ name }) => name) };
};

const pendingOf = (text: string, id = newId('cmd')): RpcResponse<'approvals.submit'> => {
  const kept = record(bot, text, { id });
  const request = approval({ command: text, command_id: kept.id, agent: kept.agent });
  const { deadline_at, requirement, id: approval_id } = request;
  const command = { ...kept, approval_id, status: 'pending' as const, deadline_at, requirement };
  return {
    command: { ...command, decision: null, started_at: null, result: null },
    approval: request,
    repeated: false,
  };
};

describe('a gateway that is told to stop', () => {
  it('says so, refuses what comes, answers what it has begun, and sends its sockets elsewhere', async () => {
    const answer = held<void>();
    gateway.authorities.answer('approvals.submit', async ({ held: { text, command_id } }) => {
      await answer.promise;
      return pendingOf(text, command_id);
    });
    const peer = await connect();
    const page = io(`${gateway.url}/reviewer`, {
      auth: { token: 'rita' },
      transports: ['websocket'],
      reconnection: false,
    });
    await new Promise((resolve) => page.once('ready', resolve));
    const left = new Promise<string>((resolve) => page.once('disconnect', resolve));
    expect((await readiness()).status).toBe(200);
    peer.send({ type: 'command.submit', ref: 'begun', command: 'make deploy' });
    await eventually(() => gateway.authorities.questions('approvals.submit').length === 1);

    const closed = gateway.close();
    await eventually(async () => (await readiness()).status === 503);
    expect((await readiness()).wrong).toEqual([
      { name: 'draining', ok: false, problem: expect.stringContaining('being stopped') },
    ]);
    peer.send({ type: 'command.submit', ref: 'late', command: 'make deploy' });
    expect(await peer.next(({ ref }) => ref === 'late')).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    const refused = await ask('/api/v1/commands', { method: 'POST', body: JSON.stringify({ command: 'make' }) });
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'UNAVAILABLE', retryable: true }]);
    expect([refused.headers.get('retry-after'), refused.headers.get('connection')]).toEqual(['1', 'close']);
    const stranger = new Peer(`${gateway.url.replace('http', 'ws')}/ws/agent`);
    peers.push(stranger);
    await eventually(() => stranger.closeCode !== undefined);
    const latePage = io(`${gateway.url}/reviewer`, {
      auth: { token: 'rita' },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    await new Promise((resolve) => latePage.once('connect_error', resolve));
    expect([peer.closeCode, page.connected]).toEqual([undefined, true]);

    answer.give();
    expect(await peer.next(({ ref }) => ref === 'begun')).toMatchObject({ type: 'command.pending' });
    await eventually(() => peer.closeCode !== undefined);
    expect(peer.closeCode).toBe(1001);
    // Not "io server disconnect", after which the page would wait to be told to come back.
    expect(await left).toBe('transport close');
    await closed;
    expect(gateway.authorities.questions('approvals.submit')).toHaveLength(1);
  });

  it('answers who waits for a decision with what is true now, and lets nobody begin to wait', async () => {
    const { command } = pendingOf('make deploy');
    gateway.authorities.answer('approvals.command', () => command);
    const begun = held<RpcResponse<'approvals.submit'>>();
    gateway.authorities.answer('approvals.submit', () => begun.promise);
    const peer = await connect();
    peer.send({ type: 'command.submit', ref: '1', command: 'make' });
    const path = `/api/v1/commands/${command.id}?wait_seconds=60`;
    const waiting = ask(path);
    await eventually(() => gateway.authorities.questions('approvals.command').length > 0);
    const closed = gateway.close();
    expect(((await (await waiting).json()) as Command).status).toBe('pending');
    expect(((await (await ask(path)).json()) as Command).status).toBe('pending');
    begun.give(pendingOf('make'));
    await closed;
  });

  it('waits for no decision that does not come', async () => {
    gateway.authorities.answer('approvals.submit', () => new Promise(() => undefined));
    const peer = await connect();
    peer.send({ type: 'command.submit', ref: '1', command: 'make' });
    await eventually(() => gateway.authorities.questions('approvals.submit').length === 1);
    const began = performance.now();
    await gateway.close();
    expect(performance.now() - began).toBeLessThan(9_000);
    await eventually(() => peer.closeCode !== undefined);
    expect(peer.closeCode).toBe(1001);
  });

  it('takes no receipt for an agent that it is about to send away', async () => {
    const begun = held<RpcResponse<'approvals.submit'>>();
    gateway.authorities.answer('approvals.submit', () => begun.promise);
    const { id } = allowedCommand(bot, 'make');
    const peer = await connect();
    peer.send({ type: 'command.submit', ref: '1', command: 'make' });
    await eventually(() => gateway.authorities.questions('approvals.submit').length === 1);
    const closed = gateway.close();
    await eventually(async () => (await readiness()).status === 503);
    peer.send({ type: 'command.start', command_id: id });
    expect(await peer.next(({ command_id }) => command_id === id)).toMatchObject({ code: 'UNAVAILABLE' });
    begun.give(pendingOf('make'));
    await closed;
    expect(gateway.authorities.questions('approvals.start')).toEqual([]);
  });
});

describe('a gateway', () => {
  it('names what it lacks', async () => {
    expect((await readiness()).names).toEqual(['draining', 'database', 'policy lease', 'identity lease']);
    gateway.authorities.fail('identity.renew_lease');
    await eventually(async () => (await readiness()).status === 503);
    expect((await readiness()).wrong).toEqual([
      { name: 'identity lease', ok: false, problem: 'the lease has lapsed: every command goes to review' },
    ]);
  });

  it('tells operators which leases it holds and how old its rules are', async () => {
    gateway.authorities.answer('approvals.submit', () => pendingOf('make'));
    await ask('/api/v1/commands', { method: 'POST', body: JSON.stringify({ command: 'make' }) });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('expacti_lease_held{authority="policy"} 1');
    expect(metrics).toContain('expacti_lease_held{authority="identity"} 1');
    expect(Number(/^expacti_oldest_snapshot_age_seconds (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  });

  it('tells whoever signs in what the installation may lose', async () => {
    const me = await ask('/api/v1/auth/me', { headers: { authorization: 'Bearer rita' } });
    expect(await me.json()).toMatchObject({ weaknesses: ['the disk is made of paper'] });
  });
});
