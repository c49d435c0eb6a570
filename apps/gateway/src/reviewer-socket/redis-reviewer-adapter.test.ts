import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeRedis, openRedis } from '@expacti/redis';
import { eventually, type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { CommandRig } from '../../test/command-rig.js';
import { approval, ORG, OTHER_ORG, reviewer, silent } from '../../test/fixtures.js';
import { MissedChanges } from './missed-changes.js';
import { openRedisReviewerAdapter } from './redis-reviewer-adapter.js';
import { ReviewerSocketServer } from './reviewer-socket-server.js';
import { cursorAt } from './stream-cursor.js';

const TOKENS = { rita: reviewer(), other: reviewer({ org: OTHER_ORG }) };

let redis: RedisServer;
let rig: CommandRig;
let installations = 0;
let settings: { url: string; prefix: string };
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

interface Gateway {
  readonly reviewers: ReviewerSocketServer;
  readonly port: number;
  close(): Promise<void>;
}

const gateways: Gateway[] = [];
const clients: Socket[] = [];

beforeEach(async () => {
  installations += 1;
  settings = { url: redis.url, prefix: `installation-${installations}` };
  rig = await CommandRig.start();
  for (const [token, principal] of Object.entries(TOKENS)) rig.principals.set(token, principal);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const gateway of gateways.splice(0)) await gateway.close();
  await rig.stop();
});

async function listening(server: HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function startGateway(): Promise<Gateway> {
  const { authorities, credentials, limits, clock, options } = rig;
  const missed = new MissedChanges(authorities.client, clock);
  const adapter = await openRedisReviewerAdapter(settings);
  const reviewers = new ReviewerSocketServer(credentials, missed, limits, clock, silent, options, adapter, rig.drain);
  const server = createServer();
  reviewers.attach(server);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= reviewers.close();
    return closing;
  };
  const gateway = { reviewers, port: await listening(server), close };
  gateways.push(gateway);
  return gateway;
}

/** A reviewer's page at one gateway, with every event that came. */
async function open({ port }: Gateway, token: keyof typeof TOKENS): Promise<{ client: Socket; heard: string[] }> {
  const client = io(`http://127.0.0.1:${port}/reviewer`, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  clients.push(client);
  const heard: string[] = [];
  client.onAny((name: string, payload: { area?: string; approval?: { id: string } }) => {
    if (name !== 'ready') heard.push(payload.area ?? payload.approval?.id ?? name);
  });
  await new Promise((resolve) => client.once('ready', resolve));
  return { client, heard };
}

const changed = (gateway: Gateway, org: string, area: 'rules' | 'targets' | 'agents' | 'org' | 'users') =>
  gateway.reviewers.publish(org, 'changed', { area });

describe('reviewers at several gateways', () => {
  it('each hear each event of their org once, whichever gateway took it, and none of another org', async () => {
    const [one, two] = [await startGateway(), await startGateway()];
    const pages = [
      await open(one, 'rita'),
      await open(two, 'rita'),
      await open(one, 'other'),
      await open(two, 'other'),
    ];
    await changed(one, ORG, 'rules');
    await changed(two, OTHER_ORG, 'targets');
    await changed(two, ORG, 'agents');
    await changed(one, OTHER_ORG, 'org');
    // What comes last at every gateway is preceded by everything else that would come.
    for (const org of [ORG, OTHER_ORG]) await changed(one, org, 'users');
    await eventually(() => pages.every(({ heard }) => heard.includes('users')));
    const [own, others] = [
      ['agents', 'rules', 'users'],
      ['org', 'targets', 'users'],
    ];
    expect(pages.map(({ heard }) => [...heard].sort())).toEqual([own, own, others, others]);
  });

  it('hear what one gateway takes in its order', async () => {
    const [one, two] = [await startGateway(), await startGateway()];
    const pages = [await open(one, 'rita'), await open(two, 'rita')];
    const requests = Array.from({ length: 50 }, () => approval());
    await Promise.all(
      requests.map((request) =>
        one.reviewers.publish(ORG, 'approval.requested', { approval: request, cursor: cursorAt(0) }),
      ),
    );
    const ids = requests.map(({ id }) => id);
    await eventually(() => pages.every(({ heard }) => heard.length >= ids.length));
    expect(pages.map(({ heard }) => heard)).toEqual([ids, ids]);
  });

  it('hear of everything from the other gateway when one has closed', async () => {
    const [one, two] = [await startGateway(), await startGateway()];
    const page = await open(two, 'rita');
    await one.close();
    await changed(two, ORG, 'rules');
    await eventually(() => page.heard.length > 0);
    expect(page.heard).toEqual(['rules']);
  });

  it('miss nothing that is written while a gateway has lost its connections to Redis', async () => {
    const [one, two] = [await startGateway(), await startGateway()];
    const page = await open(two, 'rita');
    const admin = openRedis({ url: redis.url }, 'test');
    try {
      // Nothing has been read yet: the first place that its readers know is where they began.
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await changed(one, ORG, 'rules');
      await eventually(() => page.heard.length > 0);
      expect(page.heard).toEqual(['rules']);
    } finally {
      await closeRedis(admin);
    }
  });
});

describe('a gateway that cannot write', () => {
  it('says so, so that the event is taken again', async () => {
    const shaky = await startRedis();
    settings = { ...settings, url: shaky.url };
    try {
      const one = await startGateway();
      shaky.pause();
      await expect(changed(one, ORG, 'rules')).rejects.toThrow();
      shaky.resume();
      await changed(one, ORG, 'rules');
    } finally {
      await gateways.pop()?.close();
      await shaky.stop();
    }
  });
});

describe('what gateways tell one another of their sockets', () => {
  it('holds neither the token, nor headers, nor who it is', async () => {
    const [one, two] = [await startGateway(), await startGateway()];
    const [rita] = [await open(one, 'rita'), await open(two, 'other')];
    const admin = openRedis({ url: redis.url }, 'test');
    const watcher = openRedis({ url: redis.url }, 'monitor', 'blocking');
    const monitor = await watcher.monitor();
    const seen: string[] = [];
    monitor.on('monitor', (_time: string, args: string[]) => seen.push(args.join(' ')));
    const adapter = await openRedisReviewerAdapter(settings);
    const stranger = new Server(createServer(), { adapter: adapter.adapter });
    try {
      const channel = await eventually(
        async () => ((await admin.pubsub('CHANNELS', `${settings.prefix}*#/reviewer#`)) as string[])[0],
      );
      // The stranger's own subscription is there as well.
      stranger.of('/reviewer');
      await eventually(
        async () => ((await admin.call('PUBSUB', 'NUMSUB', String(channel))) as [string, number])[1] === 3,
      );
      const sockets = await stranger.of('/reviewer').fetchSockets();
      expect(sockets.map(({ id }) => id)).toContain(rita.client.id);
      for (const { data, handshake } of sockets) {
        expect(data).toEqual({});
        expect([handshake.auth, handshake.headers]).toEqual([{}, {}]);
      }
      await changed(one, ORG, 'rules');
      await eventually(() => seen.some((line) => line.includes('"rules"')));
      const everything = seen.join('\n');
      expect(everything).toContain(rita.client.id);
      for (const secret of ['rita@example.com', '"rita"', 'other']) expect(everything).not.toContain(secret);
    } finally {
      await stranger.close();
      await adapter.close();
      for (const connection of [monitor, watcher]) connection.disconnect();
      await closeRedis(admin);
    }
  });

  it('is bounded', async () => {
    const one = await startGateway();
    const admin = openRedis({ url: redis.url }, 'test');
    const filler = admin.pipeline();
    const stream = `${settings.prefix}:{reviewers}:stream`;
    for (let entry = 0; entry < 11_000; entry += 1) filler.xadd(stream, '*', 'a', '1');
    await filler.exec();
    await changed(one, ORG, 'rules');
    // Trimmed by whole nodes of the stream (100 entries).
    expect(await admin.xlen(stream)).toBeLessThanOrEqual(10_100);
    await closeRedis(admin);
  });
});
