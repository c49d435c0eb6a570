import { randomBytes } from 'node:crypto';
import { RedisRpc } from '@expacti/messaging';
import { eventually, type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { rpcSeal } from './rpc-seal.js';

const ASKED = 'correct horse battery staple';
const ANSWERED = 'refresh-token-of-nobody-else';

describe('questions and answers between processes', () => {
  const master = randomBytes(32);
  const opened: RedisRpc[] = [];
  let server: RedisServer;
  let admin: Redis;

  const open = (key: Buffer | null, told: unknown[] = []): RedisRpc => {
    const report = (_pattern: string, error: unknown) => void told.push(String(error));
    const settings = { url: server.url };
    const rpc = new RedisRpc(key ? { settings, report, seal: rpcSeal(key) } : { settings, report });
    opened.push(rpc);
    return rpc;
  };
  const signIn = (rpc: RedisRpc) =>
    rpc.request('identity.sign_in', { password: ASKED }, { timeoutMs: 10_000 }).catch((error: unknown) => error);

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    admin = new Redis(server.url);
    await admin.flushall();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((rpc) => rpc.close()));
    admin.disconnect();
  });

  it('show neither a password nor a token to who reads the stream, or listens to the server', async () => {
    const heard: string[] = [];
    const monitor = await admin.monitor();
    monitor.on('monitor', (_time: string, words: string[]) => heard.push(words.join(' ')));
    const listener = admin.duplicate();
    listener.on('pmessage', (_pattern: string, _channel: string, text: string) => heard.push(text));
    await listener.psubscribe('*');

    open(master).respond('identity.sign_in', async (payload) => ({ ...(payload as object), token: ANSWERED }));
    expect(await signIn(open(master))).toEqual({ password: ASKED, token: ANSWERED });

    await eventually(() => heard.some((text) => /^publish .*sealed1\./i.test(text)), 'the answer on the monitor');
    await eventually(() => heard.some((text) => /^\d+ sealed1\./.test(text)), 'the answer on its channel');
    const stream = JSON.stringify(await admin.xrange('expacti:{rpc:identity}:requests', '-', '+'));
    expect(stream).toContain('identity.sign_in');
    for (const secret of [ASKED, ANSWERED]) expect([stream, ...heard].join('\n')).not.toContain(secret);
    monitor.disconnect();
    listener.disconnect();
  });

  it.each([
    ['another key', randomBytes(32)],
    ['no key', null],
  ])('are refused between processes of which one has %s, and the one that answers goes on', async (_, other) => {
    const told: unknown[] = [];
    let taken = 0;
    open(master, told).respond('identity.sign_in', async () => {
      taken += 1;
      return ANSWERED;
    });
    expect(await signIn(open(other))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(taken).toBe(0);
    expect(told).toEqual([expect.stringContaining('SealBroken')]);
    expect(await signIn(open(master))).toBe(ANSWERED);
  });

  it('are refused where an answer was given to another question, however it was sealed', async () => {
    const listener = admin.duplicate();
    const answers: { channel: string; text: string }[] = [];
    listener.on('pmessage', (_pattern: string, channel: string, text: string) => answers.push({ channel, text }));
    await listener.psubscribe('*rpc:replies:*');
    const responder = open(master);
    responder.respond('identity.sign_in', async () => ANSWERED);
    // Nobody answers this one but who plays back what it has heard.
    const asker = open(master);
    await signIn(asker);
    await eventually(() => answers.length > 0, 'an answer to play back');
    const second = asker.request('approvals.start', {}, { timeoutMs: 10_000 }).catch((error: unknown) => error);
    await eventually(async () => (await admin.xlen('expacti:{rpc:approvals}:requests')) > 0, 'the question');
    const [first] = answers as [{ channel: string; text: string }];
    await admin.publish(first.channel, first.text.replace(/^\d+/, '2'));
    expect(await second).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('does not open') });
    listener.disconnect();
  });
});
