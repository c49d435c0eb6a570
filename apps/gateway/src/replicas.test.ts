import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@expacti/persistence';
import { fact, systemClock } from '@expacti/platform';
import { eventually, type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { agent, ORG, reviewer, rule } from '../test/fixtures.js';
import type { GatewayApp } from '../test/gateway-app.js';
import { ReplicatedRig } from '../test/replicated-rig.js';
import { Peer } from '../test/socket-rig.js';

const TOKEN = 'shell_11111111111111111111111111111111';
const DEPLOY = rule('deploy');
/** A lease, and a round of asking whether it holds. */
const STALENESS_BOUND_MS = 2_500;

let redis: RedisServer;
let rig: ReplicatedRig;
const peers: Peer[] = [];
beforeAll(async () => {
  redis = await startRedis();
  rig = await ReplicatedRig.start(redis);
  rig.principals.set(TOKEN, agent());
  rig.principals.set('rita', reviewer());
  rig.rules = [DEPLOY];
}, 60_000);
afterAll(async () => {
  for (const peer of peers) peer.close();
  await rig.stop();
  await redis.stop();
}, 60_000);

async function connect({ url }: GatewayApp): Promise<Peer> {
  const peer = new Peer(`${url.replace('http', 'ws')}/ws/agent`, { authorization: `Bearer ${TOKEN}` });
  peers.push(peer);
  await peer.opened();
  peer.send({ type: 'hello', protocol: 1, client: { name: 'test', version: '1' } });
  await peer.next(({ type }) => type === 'welcome');
  return peer;
}

let submissions = 0;

/** What became of it: `allowed`, `pending`, or the error's code. */
async function submit(peer: Peer, command = 'deploy'): Promise<string> {
  submissions += 1;
  const ref = String(submissions);
  peer.send({ type: 'command.submit', ref, command });
  const { type, outcome, code } = await peer.next((frame) => frame.ref === ref);
  return type === 'command.decided' ? String(outcome) : type === 'error' ? String(code) : 'pending';
}

const readiness = async ({ url }: GatewayApp) => {
  const response = await fetch(`${url}/readyz`);
  const { checks } = (await response.json()) as { checks: { name: string; ok: boolean }[] };
  return { status: response.status, wrong: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
};

const isReady = async (gateway: GatewayApp) => (await readiness(gateway)).status === 200;

describe('gateways and authorities in replicas', () => {
  it('answer a tightening change, through whichever replica, when no gateway acts on what was before', async () => {
    const agents = await Promise.all(rig.gateways.map(connect));
    for (const round of [0, 1, 0, 1]) {
      await rig.changeRules(round, [DEPLOY]);
      await eventually(async () =>
        (await Promise.all(agents.map((peer) => submit(peer)))).every((it) => it === 'allowed'),
      );
      let isInForce = false;
      const after: string[] = [];
      const pestering = agents.map(async (peer) => {
        while (after.length < 40) {
          const wasInForce = isInForce;
          const outcome = await submit(peer);
          if (wasInForce) after.push(outcome);
        }
      });
      await rig.changeRules(round, []);
      isInForce = true;
      await Promise.all(pestering);
      expect(new Set(after)).toEqual(new Set(['pending']));
    }
    await rig.changeRules(0, [DEPLOY]);
  });

  it('bring each event to the reviewers of every gateway once', async () => {
    const heard = await Promise.all(
      rig.gateways.map(async ({ url }) => {
        const areas: string[] = [];
        const page = io(`${url}/reviewer`, { auth: { token: 'rita' }, transports: ['websocket'], forceNew: true });
        page.on('changed', ({ area }: { area: string }) => areas.push(area));
        await new Promise((resolve) => page.once('ready', resolve));
        return { areas, page };
      }),
    );
    const actor = { kind: 'user' as const, id: 'usr_1', name: 'Rita' };
    const removed = fact('target.deleted', ORG, 'tgt_1', systemClock.now(), {
      actor,
      subject: { type: 'target', id: 'tgt_1' },
      data: { fields: {} },
    });
    await rig.authorities[0]?.bus.publish([removed, { ...removed, id: newId('evt'), type: 'agent.deleted' }]);
    await eventually(() => heard.every(({ areas }) => areas.includes('agents') && areas.includes('targets')));
    expect(heard.map(({ areas }) => [...areas].sort())).toEqual(rig.gateways.map(() => ['agents', 'targets']));
    for (const { page } of heard) page.disconnect();
  });
});

describe('a gateway that lost Redis', () => {
  it('says so within its staleness bound, allows nothing meanwhile, and goes on afterwards', async () => {
    const agents = await Promise.all(rig.gateways.map(connect));
    await eventually(async () =>
      (await Promise.all(agents.map((peer) => submit(peer)))).every((it) => it === 'allowed'),
    );
    redis.pause();
    const lost = performance.now();
    try {
      const first = agents.map((peer) => submit(peer));
      await eventually(async () => {
        const reports = await Promise.all(rig.gateways.map(readiness));
        return reports.every(({ wrong }) => wrong.includes('policy lease') && wrong.includes('identity lease'));
      });
      // The report itself may take up to two seconds, for whatever else it asks.
      expect(performance.now() - lost).toBeLessThan(STALENESS_BOUND_MS + 2_000);
      const later = agents.map((peer) => submit(peer));
      await sleep(Math.max(0, 3_000 - (performance.now() - lost)));
      redis.resume();
      for (const outcome of await Promise.all([...first, ...later]))
        expect(['pending', 'UNAVAILABLE']).toContain(outcome);
    } finally {
      redis.resume();
    }
    await eventually(async () => (await Promise.all(rig.gateways.map(isReady))).every(Boolean));
    await eventually(async () =>
      (await Promise.all(agents.map((peer) => submit(peer)))).every((it) => it === 'allowed'),
    );
  });
});
