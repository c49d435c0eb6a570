import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@expacti/persistence';
import { closeRedis, openRedis } from '@expacti/redis';
import { type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FreshnessAuthority, LEASE_MS } from './freshness-authority.js';
import { leaseStoreContract } from './lease-store.contract-test.js';
import { RedisLeaseStore } from './redis-lease-store.js';

let server: RedisServer;
let installations = 0;
const stores: RedisLeaseStore[] = [];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

const storeOf = (prefix: string, url = server.url): RedisLeaseStore => {
  const store = new RedisLeaseStore({ settings: { url, prefix } });
  stores.push(store);
  return store;
};
const newInstallation = (): string => {
  installations += 1;
  return `installation-${installations}`;
};

leaseStoreContract('in Redis', async () => {
  const prefix = newInstallation();
  return {
    here: storeOf(prefix),
    there: storeOf(prefix),
    // The server's clock is a real one.
    pass: (ms) => sleep(ms + 20),
    close: async () => undefined,
  };
});

const isSettled = async (settled: Promise<void>, withinMs: number): Promise<boolean> =>
  Promise.race([settled.then(() => true), sleep(withinMs, false)]);

describe('two replicas of an authority', () => {
  const replicas = () => {
    const prefix = newInstallation();
    return [1, 2].map(() => new FreshnessAuthority(storeOf(prefix), systemClock, 'policy')) as [
      FreshnessAuthority,
      FreshnessAuthority,
    ];
  };

  it('wait for a gateway that knows the other one only', async () => {
    const [here, there] = replicas();
    await there.renew('one');
    const settled = here.settled('org_a', 3);
    expect(await isSettled(settled, 250)).toBe(false);
    await there.acknowledge('one', 'org_a', 2);
    expect(await isSettled(settled, 150)).toBe(false);
    await there.acknowledge('one', 'org_a', 3);
    await settled;
  });

  it('wait for a gateway that was killed for one lease, and no longer', async () => {
    const [here, there] = replicas();
    await there.renew('killed');
    const began = performance.now();
    await here.settled('org_a', 1);
    const waited = performance.now() - began;
    expect(waited).toBeGreaterThan(LEASE_MS - 100);
    // A round of polling, and what a busy machine adds.
    expect(waited).toBeLessThan(LEASE_MS + 1_500);
  });
});

describe('a server that is away', () => {
  let shaky: RedisServer;
  beforeAll(async () => {
    shaky = await startRedis();
  });
  afterAll(() => shaky.stop());

  it('is never taken for one that knows of no leases', async () => {
    const store = storeOf(newInstallation(), shaky.url);
    const authority = new FreshnessAuthority(store, systemClock, 'policy');
    await authority.renew('one');
    const settled = authority.settled('org_a', 1);
    settled.catch(() => undefined);
    shaky.pause();
    try {
      const unavailable = expect.objectContaining({ code: 'UNAVAILABLE', retryable: true });
      // By the time that anybody is told, the lease itself has lapsed: it still is not "done".
      await Promise.all([
        expect(settled).rejects.toEqual(unavailable),
        expect(authority.settled('org_a', 1)).rejects.toEqual(unavailable),
        expect(authority.renew('one')).rejects.toEqual(unavailable),
        expect(authority.acknowledge('one', 'org_a', 1)).rejects.toEqual(unavailable),
      ]);
    } finally {
      shaky.resume();
    }
    await authority.settled('org_a', 1);
  });

  it('keeps the leases over a crash', async () => {
    const store = storeOf(newInstallation(), shaky.url);
    await store.renew('one', 60_000);
    await store.acknowledge('one', 'org_a', 1);
    await shaky.kill();
    await shaky.restart();
    expect(await store.lagging('org_a', 1)).toEqual([]);
    expect(await store.lagging('org_a', 2)).toEqual(['one']);
  });
});

it('leases leave nothing behind when they have lapsed', async () => {
  const prefix = newInstallation();
  const store = storeOf(prefix);
  await store.renew('one', 50);
  await store.acknowledge('one', 'org_a', 1);
  await sleep(80);
  await store.renew('two', 50);
  await sleep(80);
  const redis = openRedis({ url: server.url }, 'test');
  expect(await redis.keys(`${prefix}:*acknowledged*`)).toEqual([]);
  expect(await redis.zrange(`${prefix}:{leases}:holders`, '0', '-1')).toEqual(['two']);
  await closeRedis(redis);
});
