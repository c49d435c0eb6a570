import { eventually } from '@expacti/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LeaseStore, leasesOf } from './lease-store.js';

export interface LeaseStage {
  /** As two replicas of an authority see it. */
  readonly here: LeaseStore;
  readonly there: LeaseStore;
  /** Lets time pass at the store. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const LONG_MS = 60_000;
const SHORT_MS = 150;

/** What every store of leases keeps to. */
export function leaseStoreContract(name: string, open: () => Promise<LeaseStage>): void {
  describe(`leases kept ${name}`, () => {
    let stage: LeaseStage;
    let here: LeaseStore;
    let there: LeaseStore;
    beforeEach(async () => {
      stage = await open();
      ({ here, there } = stage);
    });
    afterEach(() => stage.close());

    it('are held by nobody at first', async () => {
      expect(await here.lagging('org_a', 0)).toEqual([]);
    });

    it('bind their holders to acknowledge each version of each org, or a later one', async () => {
      await here.renew('one', LONG_MS);
      await here.acknowledge('one', 'org_a', 2);
      await here.acknowledge('one', 'org_b', 9);
      expect(await here.lagging('org_a', 3)).toEqual(['one']);
      await here.acknowledge('one', 'org_a', 4);
      expect(await here.lagging('org_a', 3)).toEqual([]);
      expect(await here.lagging('org_a', 5)).toEqual(['one']);
    });

    it('remember the highest version', async () => {
      await here.renew('one', LONG_MS);
      await here.acknowledge('one', 'org_a', 10);
      await here.acknowledge('one', 'org_a', 9);
      expect(await here.lagging('org_a', 10)).toEqual([]);
    });

    it('are seen from every replica', async () => {
      await here.renew('one', LONG_MS);
      await there.renew('two', LONG_MS);
      expect((await here.lagging('org_a', 1)).sort()).toEqual(['one', 'two']);
      await there.acknowledge('one', 'org_a', 1);
      await here.acknowledge('two', 'org_a', 1);
      expect(await Promise.all([here.lagging('org_a', 1), there.lagging('org_a', 1)])).toEqual([[], []]);
    });

    it('wake who listens, on every replica, until that ends', async () => {
      let heard = 0;
      const stop = here.onAcknowledged(() => {
        heard += 1;
      });
      await here.renew('one', LONG_MS);
      // Hearing may begin a moment after it was asked for: whoever listens also polls.
      let version = 0;
      await eventually(async () => {
        version += 1;
        await there.acknowledge('one', 'org_a', version);
        return heard > 0;
      });
      stop();
      const before = heard;
      let isHeardElsewhere = false;
      there.onAcknowledged(() => {
        isHeardElsewhere = true;
      });
      await eventually(async () => {
        version += 1;
        await here.acknowledge('one', 'org_a', version);
        return isHeardElsewhere;
      });
      expect(heard).toBe(before);
    });

    it('lapse by themselves, and are kept by renewal', async () => {
      await here.renew('silent', SHORT_MS);
      await here.renew('one', LONG_MS);
      await here.renew('one', LONG_MS);
      await stage.pass(SHORT_MS);
      expect(await there.lagging('org_a', 1)).toEqual(['one']);
    });

    it('are prolonged with what was acknowledged under them', async () => {
      await here.renew('one', SHORT_MS);
      await here.acknowledge('one', 'org_a', 1);
      await there.renew('one', LONG_MS);
      await stage.pass(SHORT_MS);
      expect(await here.lagging('org_a', 1)).toEqual([]);
      expect(await here.lagging('org_a', 2)).toEqual(['one']);
    });

    it('begin with nothing acknowledged, also when the same gateway had one before', async () => {
      await here.acknowledge('one', 'org_a', 7);
      await here.renew('one', SHORT_MS);
      expect(await here.lagging('org_a', 7)).toEqual(['one']);
      await here.acknowledge('one', 'org_a', 7);
      await stage.pass(SHORT_MS);
      await here.acknowledge('one', 'org_a', 7);
      await there.renew('one', LONG_MS);
      expect(await here.lagging('org_a', 7)).toEqual(['one']);
    });

    it('of one authority are no matter of another', async () => {
      const [policy, identity] = [leasesOf(here, 'policy'), leasesOf(there, 'identity')];
      await policy.renew('one', LONG_MS);
      expect(await identity.lagging('org_a', 1)).toEqual([]);
      await identity.renew('one', LONG_MS);
      await identity.acknowledge('one', 'org_a', 7);
      expect(await policy.lagging('org_a', 1)).toEqual(['one']);
      expect(await identity.lagging('org_a', 7)).toEqual([]);
    });
  });
}
