import type { ExpactiError } from '@expacti/contracts';
import type { Clock } from '@expacti/persistence';
import { describe, expect, it } from '@jest/globals';
import { FreshnessAuthority, LEASE_MS, SETTLED_WITHIN_MS } from './freshness-authority.js';
import { InProcessLeaseStore } from './in-process-lease-store.js';

/** A clock turned by hand; scheduled tasks run when time passes them. */
function handClock(): Clock & { turn(ms: number): Promise<void> } {
  let now = 1_000_000;
  let tasks: { at: number; task: () => void }[] = [];
  return {
    now: () => now,
    elapsed: () => now,
    schedule(delayMs, task) {
      const entry = { at: now + delayMs, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((other) => other !== entry);
      };
    },
    async turn(ms) {
      for (let passed = 0; passed < ms; passed += 50) {
        now += 50;
        for (const { task } of tasks.filter((entry) => entry.at <= now)) task();
        await new Promise(setImmediate);
      }
    },
  };
}

function authority() {
  const clock = handClock();
  return { clock, authority: new FreshnessAuthority(new InProcessLeaseStore(clock), clock, 'policy') };
}

const isSettled = async (promise: Promise<void>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await new Promise(setImmediate);
  return settled;
};

describe('a tightening change', () => {
  it('is settled at once where no gateway lives', async () => {
    await expect(authority().authority.settled('org_a', 3)).resolves.toBeUndefined();
  });

  it('waits for the acknowledgement of each live gateway', async () => {
    const { authority: subject } = authority();
    await subject.renew('one');
    await subject.renew('two');
    const settled = subject.settled('org_a', 3);
    await subject.acknowledge('one', 'org_a', 3);
    expect(await isSettled(settled)).toBe(false);
    await subject.acknowledge('two', 'org_b', 9);
    await subject.acknowledge('two', 'org_a', 2);
    expect(await isSettled(settled)).toBe(false);
    await subject.acknowledge('two', 'org_a', 4);
    expect(await isSettled(settled)).toBe(true);
  });

  it('is settled when a silent gateway has lost its lease, and not before', async () => {
    const { authority: subject, clock } = authority();
    await subject.renew('silent');
    const settled = subject.settled('org_a', 1);
    await clock.turn(LEASE_MS - 100);
    expect(await isSettled(settled)).toBe(false);
    await clock.turn(200);
    expect(await isSettled(settled)).toBe(true);
  });

  it('is called not settled when a gateway goes on renewing without a word of it', async () => {
    const { authority: subject, clock } = authority();
    await subject.renew('deaf');
    const outcome = subject.settled('org_a', 1).then(
      () => 'settled',
      (error: unknown) => (error as ExpactiError).code,
    );
    let isOver = false;
    void outcome.then(() => {
      isOver = true;
    });
    const renewing = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 500) {
        await clock.turn(500);
        await subject.renew('deaf');
      }
    };
    await renewing(SETTLED_WITHIN_MS - 500);
    expect(isOver).toBe(false);
    await renewing(1_000);
    expect(isOver).toBe(true);
    expect(await outcome).toBe('UNAVAILABLE');
  });

  it('does not wait for a gateway that came after the change', async () => {
    const { authority: subject } = authority();
    await subject.renew('early');
    const settled = subject.settled('org_a', 1);
    await isSettled(settled);
    await subject.renew('late');
    await subject.acknowledge('early', 'org_a', 1);
    expect(await isSettled(settled)).toBe(true);
  });

  it('is not settled by what a gateway acknowledged to another authority over the same store', async () => {
    const clock = handClock();
    const store = new InProcessLeaseStore(clock);
    const policy = new FreshnessAuthority(store, clock, 'policy');
    const identity = new FreshnessAuthority(store, clock, 'identity');
    await policy.renew('one');
    await identity.renew('one');
    const settled = policy.settled('org_a', 1);
    await identity.acknowledge('one', 'org_a', 7);
    expect(await isSettled(settled)).toBe(false);
    await policy.acknowledge('one', 'org_a', 1);
    expect(await isSettled(settled)).toBe(true);
  });
});
