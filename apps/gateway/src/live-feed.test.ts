import type { AgentPrincipal, Approval, RpcResponse } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { fact, hint, systemClock } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { held } from '../test/authorities.js';
import { agent, approval, decision, identityChange, ORG, record } from '../test/fixtures.js';
import { GatewayApp } from '../test/gateway-app.js';
import { Peer } from '../test/socket-rig.js';

const TOKEN = 'shell_11111111111111111111111111111111';

let gateway: GatewayApp;
let bot: AgentPrincipal;
let peer: Peer;
/** What the agent waits for. */
let request: Approval;
beforeEach(async () => {
  gateway = await GatewayApp.start();
  bot = agent();
  gateway.principals.set(TOKEN, bot);
  gateway.authorities.answer('approvals.submit', ({ held: { text, command_id } }) => pendingOf(text, command_id));
  peer = new Peer(`${gateway.url.replace('http', 'ws')}/ws/agent`, { authorization: `Bearer ${TOKEN}` });
  await peer.opened();
  peer.send({ type: 'hello', protocol: 1, client: { name: 'test', version: '1' } });
  await peer.next(({ type }) => type === 'welcome');
  // The org's rules are held from here on.
  peer.send({ type: 'command.submit', ref: 'one', command: 'deploy' });
  await peer.next(({ type }) => type === 'command.pending');
});
afterEach(async () => {
  peer.close();
  await gateway.remove();
});

function pendingOf(text: string, id: string): RpcResponse<'approvals.submit'> {
  const kept = record(bot, text, { id });
  request = approval({ command: text, command_id: kept.id, agent: kept.agent });
  const { deadline_at, requirement, id: approval_id } = request;
  const command = { ...kept, approval_id, status: 'pending' as const, deadline_at, requirement };
  return {
    command: { ...command, decision: null, started_at: null, result: null },
    approval: request,
    repeated: false,
  };
}

function denied() {
  return fact('approval.closed', ORG, request.command_id, systemClock.now(), {
    actor: { kind: 'user', id: newId('usr'), name: 'Rita' },
    subject: { type: 'approval', id: request.id },
    data: {
      approval: { ...request, status: 'denied' },
      decision: { ...decision(request.command), outcome: 'denied', source: 'reviewer' },
      close_reason: 'reviewer',
      remember: null,
    },
  });
}

describe('news of a decision', () => {
  it('is not held up by rules that cannot be fetched', async () => {
    const answer = held<RpcResponse<'policy.snapshot'>>();
    gateway.authorities.answer('policy.snapshot', () => answer.promise);
    await gateway.bus.publish([hint('policy.changed', ORG, systemClock.now(), { org: ORG, version: 2 })]);
    await eventually(() => gateway.authorities.questions('policy.snapshot').length === 2);
    await gateway.bus.publish([denied()]);
    expect(await peer.next(({ type }) => type === 'command.decided')).toMatchObject({ outcome: 'denied' });
    // What was not fetched is not in force, and nobody is told that it is.
    expect(gateway.authorities.questions('policy.acknowledge')).toEqual([]);
    answer.give({ type: 'full', org: ORG, version: 2, targets: [], policies: [], rules: [] });
    await eventually(() => gateway.authorities.questions('policy.acknowledge').length === 1);
  });

  it('is not held up by settings that cannot be read', async () => {
    const answer = held<void>();
    gateway.authorities.answer('identity.org', async () => {
      await answer.promise;
      throw new Error('the database is away');
    });
    await gateway.bus.publish([hint('identity.changed', ORG, systemClock.now(), identityChange())]);
    await eventually(() => gateway.authorities.questions('identity.org').length === 2);
    await gateway.bus.publish([denied()]);
    expect(await peer.next(({ type }) => type === 'command.decided')).toMatchObject({ outcome: 'denied' });
    expect(gateway.authorities.questions('identity.acknowledge')).toEqual([]);
    answer.give();
    await eventually(() => gateway.authorities.questions('identity.acknowledge').length === 1);
  });
});

describe('a gateway that stops', () => {
  it('waits for no change that it cannot bring into force', async () => {
    const answer = held<RpcResponse<'policy.snapshot'>>();
    gateway.authorities.answer('policy.snapshot', () => answer.promise);
    await gateway.bus.publish([hint('policy.changed', ORG, systemClock.now(), { org: ORG, version: 2 })]);
    await eventually(() => gateway.authorities.questions('policy.snapshot').length === 2);
    await gateway.close();
    answer.give({ type: 'full', org: ORG, version: 2, targets: [], policies: [], rules: [] });
    await new Promise(setImmediate);
    expect(gateway.authorities.questions('policy.acknowledge')).toEqual([]);
  });
});
