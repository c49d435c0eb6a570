import type { AgentPrincipal, Principal, RpcResponse } from '@expacti/contracts';
import { timestamp } from '@expacti/platform';
import { FakeClock } from '@expacti/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Authorities, held } from '../../test/authorities.js';
import { agent, gatewayOptions, identityChange, OTHER_ORG, reviewer, silent } from '../../test/fixtures.js';
import { IdentityLease } from '../freshness/leases.js';
import { Credentials, revokes } from './credentials.js';

type Answer = RpcResponse<'identity.authenticate'>;

const TOKEN = 'shell_00000000000000000000000000000000';
const bot = agent();

let clock: FakeClock;
let authorities: Authorities;
let lease: IdentityLease;
let credentials: Credentials;

beforeEach(async () => {
  clock = new FakeClock();
  authorities = new Authorities();
  lease = new IdentityLease(authorities.client, clock, silent, gatewayOptions());
  credentials = new Credentials(authorities.client, clock, lease);
  await lease.start();
  belongsTo(bot);
});

const belongsTo = (principal: Principal | null, expires_at: string | null = null) =>
  authorities.answer('identity.authenticate', () => ({ principal, expires_at }));

const timesAsked = () => authorities.questions('identity.authenticate').length;

const agentOf = async (): Promise<AgentPrincipal> =>
  (await credentials.authenticate(TOKEN)).principal as AgentPrincipal;

/** Lets time pass while the lease is renewed. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    clock.advance(Math.min(500, left));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a credential', () => {
  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic abc',
    'Bearer a b',
    `Bearer ${'x'.repeat(8_193)}`,
    'Bearer \u00e9',
  ])('in the header %p is none', async (header) => {
    await expect(credentials.authenticateHeader(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(timesAsked()).toBe(0);
  });

  it('is asked after once, then known', async () => {
    expect(await credentials.authenticateHeader(`Bearer ${TOKEN}`)).toEqual(bot);
    expect(await credentials.authenticateHeader(`bearer ${TOKEN}`)).toEqual(bot);
    expect(timesAsked()).toBe(1);
  });

  it('that nobody knows is asked after every time', async () => {
    belongsTo(null);
    for (let again = 0; again < 2; again += 1)
      await expect(credentials.authenticate(TOKEN)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(timesAsked()).toBe(2);
  });

  it('is not believed from memory without the lease', async () => {
    await agentOf();
    authorities.fail('identity.renew_lease');
    await pass(2_000);
    await agentOf();
    expect(timesAsked()).toBe(2);
    authorities.fail('identity.authenticate');
    await expect(credentials.authenticate(TOKEN)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is not believed beyond its own end', async () => {
    belongsTo(bot, timestamp(clock.now() + 1_000));
    await agentOf();
    await pass(999);
    await agentOf();
    expect(timesAsked()).toBe(1);
    await pass(1);
    belongsTo(null);
    await expect(credentials.authenticate(TOKEN)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is asked after again once a minute, should every word of a change be lost', async () => {
    await agentOf();
    await pass(59_500);
    await agentOf();
    expect(timesAsked()).toBe(1);
    await pass(1_000);
    await agentOf();
    expect(timesAsked()).toBe(2);
  });
});

describe('a change of identities', () => {
  it('makes everything of that org be asked after again, and nothing of another', async () => {
    await agentOf();
    credentials.forget(identityChange({}, OTHER_ORG));
    await agentOf();
    expect(timesAsked()).toBe(1);
    credentials.forget(identityChange());
    await agentOf();
    expect(timesAsked()).toBe(2);
  });

  it('that comes while an answer is under way keeps it from being remembered', async () => {
    const answer = held<Answer>();
    authorities.answer('identity.authenticate', () => answer.promise);
    const asked = credentials.authenticate(TOKEN);
    credentials.forget(identityChange());
    answer.give({ principal: bot, expires_at: null });
    await asked;
    belongsTo(bot);
    await agentOf();
    expect(timesAsked()).toBe(2);
  });

  it('ends the standing of the agents that it revokes, by token or by agent, and of no other', async () => {
    const known = await agentOf();
    expect(credentials.stands(known)).toBe(true);
    credentials.forget(identityChange({ token_ids: [agent().token_id], agent_ids: [agent().id] }));
    expect(credentials.stands(known)).toBe(true);
    credentials.forget(identityChange({ token_ids: [known.token_id] }));
    expect(credentials.stands(known)).toBe(false);
    const anew = await agentOf();
    expect(credentials.stands(anew)).toBe(true);
    credentials.forget(identityChange({ agent_ids: [anew.id] }));
    expect(credentials.stands(anew)).toBe(false);
  });

  it('ends the standing of an agent whose answer was under way', async () => {
    const answer = held<Answer>();
    authorities.answer('identity.authenticate', () => answer.promise);
    const asked = agentOf();
    credentials.forget(identityChange({ token_ids: [bot.token_id] }));
    answer.give({ principal: bot, expires_at: null });
    expect(credentials.stands(await asked)).toBe(false);
  });

  it('leaves nothing to stand on for a principal that did not come from here', () => {
    expect(credentials.stands(agent())).toBe(false);
  });

  it('revokes agents of its own org only', () => {
    const change = identityChange({ token_ids: [bot.token_id] });
    expect(revokes(change, bot)).toBe(true);
    expect(revokes(identityChange({ agent_ids: [bot.id] }), bot)).toBe(true);
    expect(revokes(change, agent())).toBe(false);
    expect(revokes({ ...change, org: OTHER_ORG }, bot)).toBe(false);
  });
});

describe('a person', () => {
  it('is known like an agent is', async () => {
    const rita = reviewer();
    belongsTo(rita);
    expect((await credentials.authenticate('some.jwt.token')).principal).toEqual(rita);
  });

  it('stands until the person or the very sign-in is revoked', async () => {
    const rita = reviewer();
    const other = reviewer();
    belongsTo(rita);
    const known = async () => (await credentials.authenticate('some.jwt.token')).principal;
    for (const revoked of [{ user_ids: [rita.id] }, { sign_in_ids: [rita.sign_in_id ?? ''] }]) {
      const before = await known();
      credentials.forget(identityChange({ user_ids: [other.id], sign_in_ids: [other.sign_in_id ?? ''] }));
      expect(credentials.stands(before)).toBe(true);
      credentials.forget(identityChange(revoked));
      expect(credentials.stands(before)).toBe(false);
    }
    expect(credentials.stands(await known())).toBe(true);
  });

  it('without a sign-in stands until the person is revoked', async () => {
    const demo = reviewer({ sign_in_id: null });
    belongsTo(demo);
    const { principal } = await credentials.authenticate('some.jwt.token');
    expect(credentials.stands(principal)).toBe(true);
    credentials.forget(identityChange({ user_ids: [demo.id] }));
    expect(credentials.stands(principal)).toBe(false);
  });
});

describe('when the clocks disagree', () => {
  it('a credential that has expired stays expired, although the wall clock was set back', async () => {
    belongsTo(bot, timestamp(clock.now() + 10_000));
    await credentials.authenticate(TOKEN);
    await pass(10_000);
    clock.setWallClock(-3_600_000);
    await credentials.authenticate(TOKEN);
    expect(timesAsked()).toBe(2);
  });

  it('nothing is believed for longer because the wall clock was set back', async () => {
    await credentials.authenticate(TOKEN);
    clock.setWallClock(-3_600_000);
    await pass(60_500);
    await credentials.authenticate(TOKEN);
    expect(timesAsked()).toBe(2);
  });

  it('what was known before a lapse of the lease is not believed after it', async () => {
    const before = await agentOf();
    expect(credentials.isConfirmed(before)).toBe(true);
    clock.setWallClock(2_000);
    await pass(500);
    expect(lease.holds()).toBe(true);
    expect([credentials.stands(before), credentials.isConfirmed(before)]).toEqual([true, false]);
    const after = await agentOf();
    expect(timesAsked()).toBe(2);
    expect(credentials.isConfirmed(after)).toBe(true);
  });

  it('an answer that was on its way while the lease began to hold again vouches for nobody', async () => {
    const answer = held<Answer>();
    authorities.answer('identity.authenticate', () => answer.promise);
    const asking = agentOf();
    clock.setWallClock(2_000);
    await pass(500);
    answer.give({ principal: bot, expires_at: null });
    expect(credentials.isConfirmed(await asking)).toBe(false);
    belongsTo(null);
    await expect(credentials.authenticate(TOKEN)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
