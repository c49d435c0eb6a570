import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, beforeAll } from '@jest/globals';
import { backoffOf, schedulerContract, type TestTime } from '../scheduler.contract-test.js';
import { BullScheduler } from './bull-scheduler.js';

/** BullMQ knows the machine's clock only. */
const time: TestTime = {
  now: () => Date.now(),
  advance: (ms) => sleep(Math.min(ms, 10)),
  second: 120,
  latestMs: 5_000,
};

let server: RedisServer;
let prefixes = 0;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(async () => {
  await server?.stop();
});

schedulerContract('the scheduler on BullMQ', async () => {
  prefixes += 1;
  const prefix = `test${prefixes}`;
  const open = () =>
    new BullScheduler({ settings: { url: server.url, prefix }, random: () => 0.999, backoff: backoffOf(time) });
  let scheduler = open();
  return {
    scheduler,
    time,
    restart: async () => {
      await scheduler.close();
      scheduler = open();
      return scheduler;
    },
    dispose: () => scheduler.close(),
  };
});
