import { newId } from '@expacti/persistence';
import { FakeClock, type RedisServer, startRedis } from '@expacti/testkit';
import { afterAll, beforeAll } from '@jest/globals';
import { busContract } from '../bus.contract-test.js';
import { RedisStreamsBus } from './redis-streams-bus.js';

const policy = { maxAttempts: 3, firstDelayMs: 100, ackTimeoutMs: 10_000 };

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

busContract('the bus on Redis Streams', async () => {
  const clock = new FakeClock();
  const settings = { url: server.url, prefix: newId('test') };
  let bus = new RedisStreamsBus({ settings, clock, policy });
  return {
    bus,
    clock,
    restart: async () => {
      await bus.close();
      bus = new RedisStreamsBus({ settings, clock, policy });
      return bus;
    },
    dispose: () => bus.close(),
  };
});
