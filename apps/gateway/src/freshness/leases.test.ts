import { FakeClock } from '@expacti/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Authorities, held } from '../../test/authorities.js';
import { gatewayOptions, silent } from '../../test/fixtures.js';
import { IdentityLease, PolicyLease } from './leases.js';

const options = gatewayOptions();
const LEASE_MS = 2_000;
const RENEW_EVERY_MS = 500;

let clock: FakeClock;
let authorities: Authorities;
let lease: PolicyLease;
beforeEach(() => {
  clock = new FakeClock();
  authorities = new Authorities();
  lease = new PolicyLease(authorities.client, clock, silent, options);
});

/** Lets answers arrive that need no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a lease', () => {
  it('does not hold before the authority has answered', async () => {
    const answer = held<{ lease_ms: number }>();
    authorities.answer('policy.renew_lease', () => answer.promise);
    const started = lease.start();
    expect(lease.holds()).toBe(false);
    answer.give({ lease_ms: LEASE_MS });
    await started;
    expect(lease.holds()).toBe(true);
  });

  it('is counted from when it was asked for, not from when the answer came', async () => {
    const answer = held<{ lease_ms: number }>();
    authorities.answer('policy.renew_lease', () => answer.promise);
    const started = lease.start();
    await settle();
    clock.advance(1_500);
    answer.give({ lease_ms: LEASE_MS });
    await started;
    clock.advance(499);
    expect(lease.holds()).toBe(true);
    authorities.fail('policy.renew_lease');
    clock.advance(1);
    expect(lease.holds()).toBe(false);
  });

  it('is renewed well before it ends', async () => {
    await lease.start();
    for (let round = 0; round < 20; round += 1) {
      clock.advance(RENEW_EVERY_MS);
      await settle();
      expect(lease.holds()).toBe(true);
    }
    expect(authorities.questions('policy.renew_lease')).toHaveLength(21);
    expect(authorities.questions('policy.renew_lease')[0]).toEqual({ gateway_id: options.gatewayId });
  });

  it('lapses when nobody renews it, and holds again when somebody does', async () => {
    await lease.start();
    authorities.fail('policy.renew_lease');
    for (let round = 0; round < 3; round += 1) {
      clock.advance(RENEW_EVERY_MS);
      await settle();
    }
    expect(lease.holds()).toBe(true);
    clock.advance(RENEW_EVERY_MS);
    await settle();
    expect(lease.holds()).toBe(false);
    authorities.answer('policy.renew_lease', () => ({ lease_ms: LEASE_MS }));
    clock.advance(RENEW_EVERY_MS);
    await settle();
    expect(lease.holds()).toBe(true);
  });

  it('keeps asking when the first answer is an error', async () => {
    authorities.fail('policy.renew_lease');
    await lease.start();
    expect(lease.holds()).toBe(false);
    authorities.answer('policy.renew_lease', () => ({ lease_ms: LEASE_MS }));
    clock.advance(RENEW_EVERY_MS);
    await settle();
    expect(lease.holds()).toBe(true);
  });

  it('is let go at once when the gateway stops, also while a renewal is on its way', async () => {
    await lease.start();
    const answer = held<{ lease_ms: number }>();
    authorities.answer('policy.renew_lease', () => answer.promise);
    clock.advance(RENEW_EVERY_MS);
    await settle();
    lease.stop();
    expect(lease.holds()).toBe(false);
    answer.give({ lease_ms: LEASE_MS });
    await settle();
    expect(lease.holds()).toBe(false);
    expect(clock.waiting).toBe(0);
  });

  it('does not come back to life when the wall clock is set back', async () => {
    await lease.start();
    authorities.fail('policy.renew_lease');
    clock.setWallClock(-3_600_000);
    clock.advance(LEASE_MS - 1);
    expect(lease.holds()).toBe(true);
    clock.advance(1);
    expect(lease.holds()).toBe(false);
  });

  it('does not outlast a time in which the machine was suspended, when only the wall clock went on', async () => {
    await lease.start();
    clock.setWallClock(LEASE_MS);
    expect(lease.holds()).toBe(false);
  });

  it('counts anew, and makes everything be forgotten first, each time that it holds again after it did not', async () => {
    const held: string[] = [];
    lease.onNewStretch(() => held.push(`${lease.stretch} holds: ${lease.holds()}`));
    await lease.start();
    clock.advance(RENEW_EVERY_MS);
    await settle();
    expect(held).toEqual(['1 holds: false']);
    clock.setWallClock(LEASE_MS);
    expect(lease.stretch).toBe(1);
    clock.advance(RENEW_EVERY_MS);
    await settle();
    expect([held.at(-1), lease.stretch, lease.holds()]).toEqual(['2 holds: false', 2, true]);
  });

  it('of identities is another one than that of rules', async () => {
    const identities = new IdentityLease(authorities.client, clock, silent, options);
    await identities.start();
    expect([identities.holds(), lease.holds()]).toEqual([true, false]);
    expect(authorities.asked.map(({ pattern }) => pattern)).toEqual(['identity.renew_lease']);
  });
});
