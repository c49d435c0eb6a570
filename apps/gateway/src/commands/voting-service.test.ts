import { type Approval, ROLE_PERMISSIONS, type UserPrincipal, type VoteVerb } from '@expacti/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { held } from '../../test/authorities.js';
import { CommandRig } from '../../test/command-rig.js';
import { agent, identityChange, ORG, reviewer, rule } from '../../test/fixtures.js';
import { VotingService } from './voting-service.js';

type Ballot = Parameters<VotingService['vote']>[3];

const TOKEN = 'signed.in.rita';
const REMEMBERED: Ballot['remember'] = { pattern_type: 'exact', pattern: 'make deploy', scope: { type: 'global' } };

let rig: CommandRig;
let voting: VotingService;
let rita: UserPrincipal;
let pending: Approval;
beforeEach(async () => {
  rig = await CommandRig.start();
  const { snapshots, policyLease, identityLease, freshness, credentials, clock } = rig;
  const { client } = rig.authorities;
  voting = new VotingService(client, snapshots, policyLease, identityLease, freshness, credentials, clock);
  rig.principals.set(TOKEN, reviewer({ permissions: [...ROLE_PERMISSIONS.owner] }));
  rita = await signIn();
  pending = rig.hold(agent(), 'make deploy').approval;
  rig.authorities.answer('approvals.get', () => pending);
  rig.authorities.answer('approvals.vote', () => pending);
});
afterEach(() => rig.stop());

const signIn = async () => (await rig.credentials.authenticate(TOKEN)).principal as UserPrincipal;

const cast = (verb: VoteVerb, more: Partial<Ballot> = {}): Promise<Approval> => {
  const { id, version, command_sha256 } = pending;
  const vote = voting.vote(rita, id, verb, { version, command_sha256, ...more });
  vote.catch(() => undefined);
  return vote;
};

const votes = () => rig.authorities.questions('approvals.vote');

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** From now on what is asked before a vote has no answer; the result gives it. */
const stall = (): (() => void) => {
  const { promise, give } = held<void>();
  rig.authorities.answer('approvals.get', () => promise.then(() => pending));
  rig.authorities.answer('policy.rules.check_remember', () => promise.then(() => ({})));
  return give;
};

/** One lease lapses while the other goes on; whether it is renewed afterwards must make no difference. */
const lapse = async (name: 'policy' | 'identity', { renewed }: { renewed: boolean }) => {
  const lease = { policy: rig.policyLease, identity: rig.identityLease }[name];
  rig.authorities.fail(`${name}.renew_lease`);
  for (let passed = 0; passed < 2_000; passed += 500) {
    rig.clock.advance(500);
    await turn();
  }
  expect(lease.holds()).toBe(false);
  if (!renewed) return;
  rig.authorities.answer(`${name}.renew_lease`, () => ({ lease_ms: 2_000 }));
  rig.clock.advance(500);
  await turn();
  expect(rig.freshness.stretch()).not.toBeNull();
};

/** Every way to vote that asks somebody first. */
const WAYS: [VoteVerb, Partial<Ballot>][] = [
  ['approve', {}],
  ['approve', { edited_command: 'make test' }],
  ['approve', { remember: REMEMBERED }],
  ['deny', { remember: REMEMBERED }],
];

describe('a vote', () => {
  it.each(['approve', 'deny'] as const)('to %s is sent to the queue with whoever casts it', async (verb) => {
    expect(await cast(verb)).toEqual(pending);
    expect(votes()).toMatchObject([{ principal: rita, id: pending.id, verb, edited: null, remember: null }]);
  });

  it('does not outvote a rule that denies the command', async () => {
    rig.rules.push(rule('make deploy', { effect: 'deny' }));
    await expect(cast('approve')).rejects.toMatchObject({ code: 'RULE_INVALID' });
    expect(votes()).toEqual([]);
  });

  it.each(WAYS)('is never cast for a person who was suspended while it was under way (%s %j)', async (verb, more) => {
    const goOn = stall();
    const vote = cast(verb, more);
    await turn();
    rig.credentials.forget(identityChange({ user_ids: [rita.id] }));
    goOn();
    await expect(vote).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(votes()).toEqual([]);
  });

  it('is never cast with a sign-in that ended while it was under way, and is with another one', async () => {
    const goOn = stall();
    const vote = cast('approve');
    await turn();
    rig.credentials.forget(identityChange({ sign_in_ids: [rita.sign_in_id ?? ''] }));
    goOn();
    await expect(vote).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(votes()).toEqual([]);
    rita = await signIn();
    expect(await cast('approve')).toEqual(pending);
  });

  it('is cast although somebody else was suspended', async () => {
    const goOn = stall();
    const vote = cast('approve');
    await turn();
    const other = reviewer();
    rig.credentials.forget(identityChange({ user_ids: [other.id], sign_in_ids: [other.sign_in_id ?? ''] }));
    goOn();
    expect(await vote).toEqual(pending);
  });
});

describe('a vote during which a lease lapsed', () => {
  describe.each([{ renewed: false }, { renewed: true }])('(%j)', (how) => {
    it.each(WAYS)('is not cast where that was the one of identities (%s %j)', async (verb, more) => {
      const goOn = stall();
      const vote = cast(verb, more);
      await turn();
      await lapse('identity', how);
      goOn();
      await expect(vote).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      expect(votes()).toEqual([]);
    });

    it('is not cast where that was the one of rules, unless it denies', async () => {
      const goOn = stall();
      const [approves, denies] = [cast('approve'), cast('deny', { remember: REMEMBERED })];
      await turn();
      await lapse('policy', how);
      goOn();
      await expect(approves).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      expect(await denies).toEqual(pending);
      expect(votes().map(({ verb }) => verb)).toEqual(['deny']);
    });
  });

  it('is cast as soon as identity has vouched for the person again', async () => {
    await lapse('identity', { renewed: true });
    await expect(cast('deny')).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    rita = await signIn();
    expect(await cast('deny')).toEqual(pending);
  });
});

describe('a vote that is being counted', () => {
  /** The vote has been sent; the result counts it. */
  const beingCounted = async () => {
    const counted = held<Approval>();
    rig.authorities.answer('approvals.vote', () => counted.promise);
    const vote = cast('approve');
    for (let turns = 0; votes().length === 0 && turns < 100; turns += 1) await turn();
    expect(votes()).toHaveLength(1);
    return { vote, count: () => counted.give(pending) };
  };

  it('is waited for before a suspension is acknowledged', async () => {
    const { vote, count } = await beingCounted();
    const order: string[] = [];
    rig.credentials.forget(identityChange({ user_ids: [rita.id] }));
    const drained = rig.snapshots.inFlight.drained().then(() => order.push('drained'));
    await turn();
    expect(order).toEqual([]);
    count();
    await Promise.all([vote.then(() => order.push('counted')), drained]);
    expect(order).toEqual(['counted', 'drained']);
  });

  it('is waited for before a rule that denies it is acknowledged', async () => {
    const { vote, count } = await beingCounted();
    rig.rules.push(rule('make deploy', { effect: 'deny' }));
    const inForce = rig.snapshots.onChanged({ org: ORG, version: 2 });
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(rig.authorities.questions('policy.acknowledge')).toEqual([]);
    count();
    await Promise.all([vote, inForce]);
    expect(rig.authorities.questions('policy.acknowledge')).toMatchObject([{ org: ORG, version: 2 }]);
  });
});
