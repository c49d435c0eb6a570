import { type Database, openDatabase } from '@expacti/persistence';
import {
  type Child,
  eventually,
  type PostgresServer,
  type RedisServer,
  startPostgres,
  startRedis,
  startTypeScript,
} from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { CreateHandled1767225600011 } from '../../fixtures/create-handled.js';
import { messagingEntities, messagingMigrations } from '../messaging-schema.js';

const worker = new URL('../../fixtures/redis-bus-worker.ts', import.meta.url);
const PARTITIONS = 8;

interface Handled {
  readonly event_id: string;
  readonly key: string;
  readonly number: number;
}

describe('the bus on Redis Streams, with two processes that share a group,', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let url: string;
  let children: Child[];
  let promised: string[];

  beforeEach(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    url = await postgres.createDatabase();
    children = [];
    promised = [];
  });

  afterEach(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  const start = (name: string, first = 0, mode = 'publish'): Child => {
    const child = startTypeScript(worker, [url, redis.url, name, String(first), mode]);
    child.onLine((line) => {
      if (line.startsWith('promised')) promised.push(line.split(' ')[1] ?? '');
    });
    children.push(child);
    return child;
  };
  const morePromises = async (count: number, of: Child[]): Promise<void> => {
    const wanted = promised.length + count;
    await eventually(
      () => promised.length >= wanted || of.some((child) => child.exit !== undefined),
      'the promises',
      60_000,
    );
    const ended = of.find((child) => child.exit !== undefined);
    if (ended !== undefined) throw new Error(`A worker ended by itself:\n${ended.output}`);
  };
  /** Ends the publishers, lets one process handle what is left, and looks at what was done. */
  const expectNothingLost = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.kill()));
    const last = start('last', 0, 'drain');
    const handled = await drained(url, redis.url, promised.length);
    await last.stop();
    const ids = handled.map((row) => row.event_id);
    const known = new Set(ids);
    expect(known.size).toBe(ids.length);
    expect(promised.filter((id) => !known.has(id))).toEqual([]);
    for (const [key, rows] of Map.groupBy(handled, (row) => row.key)) {
      const numbers = rows.map((row) => row.number);
      expect({ key, numbers }).toEqual({ key, numbers: numbers.toSorted((a, b) => a - b) });
    }
  };

  it('loses no promised event, handles each once, and keeps the order of each key, whichever is killed', async () => {
    let pair = [start('a'), start('b')];
    for (let round = 1; round <= 3; round += 1) {
      await morePromises(200 + round * 61, pair);
      const victim = round % 2;
      await pair[victim]?.kill();
      pair = pair.map((child, index) => (index === victim ? start('ab'[index] ?? '', round * 1_000_000) : child));
    }
    await expectNothingLost();
  }, 120_000);

  it('does so, too, when one stands still until it has lost its partitions, and then goes on', async () => {
    const pair = [start('a'), start('b')];
    for (const [round, victim] of pair.entries()) {
      await morePromises(200, pair);
      process.kill(victim.pid ?? -1, 'SIGSTOP');
      const other = pair[1 - round] as Child;
      await ownsAll(redis.url, other);
      process.kill(victim.pid ?? -1, 'SIGCONT');
      await morePromises(200, pair);
    }
    await expectNothingLost();
  }, 120_000);

  it('does so, too, when Redis is killed and started again, and when it stands still, under load', async () => {
    const pair = [start('a'), start('b')];
    for (let round = 0; round < 2; round += 1) {
      await morePromises(200 + round * 47, pair);
      await redis.kill();
      await redis.restart();
    }
    await morePromises(200, pair);
    redis.pause();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    redis.resume();
    await morePromises(200, pair);
    await expectNothingLost();
  }, 120_000);
});

/** Waits until that process reads every partition for the group. */
async function ownsAll(redisUrl: string, child: Child): Promise<void> {
  const admin = new Redis(redisUrl);
  try {
    await eventually(
      async () => {
        const members = await admin.zrange('expacti:{group:worker}:members', '0', '-1');
        const locks = Array.from({ length: PARTITIONS }, (_, number) => `expacti:{p${number}}:owner:worker`);
        const isAlone = members.length === 1 && members[0]?.includes(`.${child.pid}.`);
        return isAlone === true && (await admin.exists(...locks)) === PARTITIONS;
      },
      'the other to own every partition',
      20_000,
    );
  } finally {
    admin.disconnect();
  }
}

/** What was handled, once that is at least so much and nothing is left in the outbox and the streams. */
async function drained(url: string, redisUrl: string, atLeast: number): Promise<Handled[]> {
  const admin = new Redis(redisUrl);
  const database = await openDatabase({
    url,
    entities: messagingEntities,
    migrations: [...messagingMigrations, CreateHandled1767225600011],
  });
  try {
    await eventually(async () => (await isDrained(database, admin, atLeast)) === true, 'all to be handled', 60_000);
    for (let number = 0; number < PARTITIONS; number += 1)
      expect(await admin.xlen(`expacti:{p${number}}:dead`)).toBe(0);
    return await database.read((manager) =>
      manager.query<Handled[]>('SELECT event_id, "key", number FROM test_handled ORDER BY sequence'),
    );
  } finally {
    await database.close();
    admin.disconnect();
  }
}

async function isDrained(database: Database, admin: Redis, atLeast: number): Promise<boolean> {
  const [counts] = await database.read((manager) =>
    manager.query<{ handled: string; outbox: string }[]>(
      'SELECT (SELECT count(*) FROM test_handled) AS handled, (SELECT count(*) FROM outbox_events) AS outbox',
    ),
  );
  if (Number(counts?.outbox) > 0 || Number(counts?.handled) < atLeast) return false;
  for (let number = 0; number < PARTITIONS; number += 1) {
    const stream = `expacti:{p${number}}:events`;
    const [group] = (await admin.xinfo('GROUPS', stream)) as (string | number)[][];
    const named = Object.fromEntries(
      (group ?? []).flatMap((value, index) => (index % 2 ? [] : [[value, group?.[index + 1]]])),
    );
    const [newest] = await admin.xrevrange(stream, '+', '-', 'COUNT', 1);
    if (named.pending !== 0 || (newest !== undefined && named['last-delivered-id'] !== newest[0])) return false;
  }
  return true;
}
