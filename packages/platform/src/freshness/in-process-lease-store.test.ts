import { FakeClock } from '@expacti/testkit';
import { expect, it } from '@jest/globals';
import { InProcessLeaseStore } from './in-process-lease-store.js';
import { leaseStoreContract } from './lease-store.contract-test.js';

leaseStoreContract('in the process', async () => {
  const clock = new FakeClock();
  const store = new InProcessLeaseStore(clock);
  return { here: store, there: store, pass: async (ms) => clock.advance(ms), close: async () => undefined };
});

it('setting the wall clock ahead ends no lease that its gateway still believes in', async () => {
  const clock = new FakeClock();
  const store = new InProcessLeaseStore(clock);
  await store.renew('one', 2_000);
  clock.setWallClock(3_600_000);
  expect(await store.lagging('org_a', 1)).toEqual(['one']);
});
