import { newId } from '@expacti/persistence';
import { type Child, eventually, type RedisServer, startRedis, startTypeScript } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { rpcContract } from '../rpc.contract-test.js';
import { RedisRpc, type RedisRpcOptions } from './redis-rpc.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

rpcContract('the adapter on Redis', async () => {
  const rpc = new RedisRpc({ settings: { url: server.url, prefix: newId('test') } });
  return { rpc, dispose: () => rpc.close() };
});

describe('the adapter on Redis', () => {
  const replica = new URL('../../fixtures/redis-responder.ts', import.meta.url);
  const opened: RedisRpc[] = [];
  const children: Child[] = [];
  let prefix: string;

  const open = (options: Partial<RedisRpcOptions> = {}): RedisRpc => {
    const rpc = new RedisRpc({ settings: { url: server.url, prefix }, ...options });
    opened.push(rpc);
    return rpc;
  };
  const startReplica = async (name: string): Promise<Child> => {
    const child = startTypeScript(replica, [server.url, prefix, name]);
    children.push(child);
    await eventually(() => child.lines.includes('ready') || child.exit !== undefined, 'the replica', 30_000);
    return child;
  };
  /** How many of so many questions got which answer; a failure counts under its code. */
  const tally = async (rpc: RedisRpc, pattern: string, payload: unknown, count: number, timeoutMs = 2_000) => {
    const questions = Array.from({ length: count }, () => rpc.request(pattern, payload, { timeoutMs }));
    const answers: Record<string, number> = {};
    for (const answer of await Promise.allSettled(questions)) {
      const key = answer.status === 'fulfilled' ? String(answer.value) : (answer.reason as { code: string }).code;
      answers[key] = (answers[key] ?? 0) + 1;
    }
    return answers;
  };

  beforeEach(() => {
    prefix = newId('test');
  });

  afterEach(async () => {
    server.resume();
    await Promise.all(children.splice(0).map((child) => child.kill()));
    await Promise.all(opened.splice(0).map((rpc) => rpc.close()));
  });

  it('shares requests among replicas, and one that stands still costs no more than what it had taken', async () => {
    const asker = open();
    const [one, two] = [await startReplica('one'), await startReplica('two')];
    await eventually(async () => {
      const answers = await tally(asker, 'test.slow', 5, 40);
      return (answers.one ?? 0) > 5 && (answers.two ?? 0) > 5;
    }, 'both to answer');
    process.kill(one.pid ?? -1, 'SIGSTOP');
    // It may be waiting at the server, which hands it one more read of at most 32.
    const lost = (await tally(asker, 'test.who', null, 200, 1_500)).UNAVAILABLE ?? 0;
    expect(lost).toBeLessThanOrEqual(32);
    expect(await tally(asker, 'test.who', null, 200)).toEqual({ two: 200 });
    process.kill(one.pid ?? -1, 'SIGCONT');
    await eventually(async () => ((await tally(asker, 'test.slow', 5, 40)).one ?? 0) > 0, 'its return');
    expect(two.exit).toBeUndefined();
  }, 60_000);

  it('does not answer what a killed replica had taken; the asker learns it from its deadline', async () => {
    const asker = open();
    const child = await startReplica('one');
    const question = asker.request('test.slow', 60_000, { timeoutMs: 1_500 }).catch((error: unknown) => error);
    await eventually(() => child.lines.includes('began'), 'the work');
    await child.kill();
    expect(await question).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    await startReplica('two');
    expect(await asker.request('test.who', null)).toBe('two');
  }, 60_000);

  it('answers what it has taken before it closes, and leaves the rest to others', async () => {
    const asker = open();
    const child = await startReplica('one');
    const question = asker.request('test.slow', 300);
    await eventually(() => child.lines.includes('began'), 'the work');
    expect(await child.stop()).toEqual({ code: 0, signal: null });
    expect(await question).toBe('one');
    const waiting = asker.request('test.who', null, { timeoutMs: 20_000 });
    await startReplica('two');
    expect(await waiting).toBe('two');
  }, 60_000);

  it('answers no question that nobody waits for any more', async () => {
    const asker = open();
    const late = asker.request('test.act', 'late', { timeoutMs: 100 }).catch((error: unknown) => error);
    expect(await late).toMatchObject({ code: 'UNAVAILABLE' });
    const acted: unknown[] = [];
    const responder = open();
    responder.respond('test.act', async (payload) => void acted.push(payload));
    await asker.request('test.act', 'in time');
    expect(acted).toEqual(['in time']);
  });

  it('says at once that it does not know a pattern of a service that it answers', async () => {
    const rpc = open();
    rpc.respond('test.known', async () => 1);
    await rpc.request('test.known', null);
    const start = performance.now();
    const error = await rpc.request('test.unknown', null).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', detail: 'Nobody answers test.unknown now.' });
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('takes no more than it can work on', async () => {
    const responder = open({ concurrency: 3 });
    let running = 0;
    let most = 0;
    responder.respond('test.work', async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return 'done';
    });
    expect(await tally(open(), 'test.work', null, 60, 5_000)).toEqual({ done: 60 });
    expect(most).toBe(3);
  });

  it('fails retryably while Redis is away or stands still, and works again afterwards', async () => {
    const asker = open();
    const responder = open();
    responder.respond('test.echo', async (payload) => payload);
    expect(await asker.request('test.echo', 1)).toBe(1);
    await server.kill();
    const away = asker.request('test.echo', 2, { timeoutMs: 300 }).catch((error: unknown) => error);
    expect(await away).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    await server.restart();
    expect(await asker.request('test.echo', 3, { timeoutMs: 10_000 })).toBe(3);
    server.pause();
    const still = asker.request('test.echo', 4, { timeoutMs: 300 }).catch((error: unknown) => error);
    expect(await still).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    server.resume();
    expect(await asker.request('test.echo', 5, { timeoutMs: 10_000 })).toBe(5);
  }, 60_000);

  it('does nothing afterwards that it has called unanswered while Redis stood still', async () => {
    const acted: unknown[] = [];
    const responder = open();
    responder.respond('test.act', async (payload) => void acted.push(payload));
    const asker = open();
    await asker.request('test.act', 'before');
    server.pause();
    const still = asker.request('test.act', 'meanwhile', { timeoutMs: 400 }).catch((error: unknown) => error);
    expect(await still).toMatchObject({ code: 'UNAVAILABLE' });
    // A little longer than that, so that its time is over by the clock of the server, too.
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.resume();
    await asker.request('test.act', 'after', { timeoutMs: 10_000 });
    expect(acted).toEqual(['before', 'after']);
  }, 60_000);

  it('goes on when Redis is full, and after somebody has emptied it', async () => {
    const admin = new Redis(server.url);
    const asker = open();
    const responder = open();
    responder.respond('test.echo', async (payload) => payload);
    await asker.request('test.echo', 1);
    try {
      await admin.config('SET', 'maxmemory', '1');
      expect(await asker.request('test.echo', 2)).toBe(2);
      await admin.config('SET', 'maxmemory', '0');
      await admin.flushall();
      await eventually(async () => (await tally(asker, 'test.echo', 3, 1, 500))[3] === 1, 'its return');
    } finally {
      await admin.config('SET', 'maxmemory', '0');
      admin.disconnect();
    }
  });

  it('leaves nothing behind in Redis for longer than anybody could wait', async () => {
    const admin = new Redis(server.url);
    const stream = `${prefix}:{rpc:test}:requests`;
    // Requests of three minutes ago.
    const [seconds] = await admin.time();
    const old = (Number(seconds) - 180) * 1_000;
    for (let number = 0; number < 300; number += 1) await admin.xadd(stream, `${old}-${number}`, 'call', 'x');
    const rpc = open();
    rpc.respond('test.echo', async (payload) => payload);
    expect(await rpc.request('test.echo', 1)).toBe(1);
    expect(await admin.xlen(stream)).toBeLessThan(150);
    admin.disconnect();
  });

  it('tells the operator of the error that the asker does not see', async () => {
    const told: unknown[] = [];
    const rpc = open({ report: (pattern, error) => told.push([pattern, String(error)]) });
    rpc.respond('test.crash', async () => {
      throw new Error('disk on fire');
    });
    await rpc.request('test.crash', {}).catch(() => undefined);
    expect(told).toEqual([['test.crash', 'Error: disk on fire']]);
  });

  it('fails whoever still waits when it closes, and asks nothing more', async () => {
    const rpc = open();
    const waiting = rpc.request('test.nobody', 1).catch((error: unknown) => error);
    await rpc.close();
    expect(await waiting).toMatchObject({ code: 'UNAVAILABLE' });
    await expect(rpc.request('test.nobody', 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
