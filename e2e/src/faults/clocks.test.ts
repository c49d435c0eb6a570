import { importJwks, type VerificationKeys, verifyReceipt } from '@expacti/crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Frame } from '../support/agent.js';
import { cookieOf } from '../support/cookies.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { caller, REVIEWER_TOKEN } from '../support/rest.js';
import { makeCast } from './cast.js';
import { LyingClock } from './lying-clock.js';
import { Probe } from './probe.js';
import { newAgent, ROUTINE } from './probes.js';
import { areReady, troubles } from './readiness.js';
import { unverifiedClaims } from './unverified-claims.js';
import { comesTrue, decideMore, startSystem, withstand } from './withstand.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const RECEIPT_SECONDS = 60;
/** Jumps of a few of them are short of the hour after which what was allowed may not be started any more. */
const TIMEOUT_SECONDS = 60;
/** A lease of two seconds, and up to two more for a report on what does not answer; the rest is a busy machine's. */
const TOLD_WITHIN_MS = 2_000 + 2_000 + 1_500;

/** Of the queue, of people and tokens, and of one gateway of two. */
const clocks = { approvals: new LyingClock(), identity: new LyingClock(), gateway: new LyingClock() };
const all = Object.values(clocks);

let system: DistributedSystem;
beforeAll(async () => {
  system = await startSystem({
    settings: { receipt_seconds: String(RECEIPT_SECONDS) },
    wrap: (process) => {
      const { service, name } = process;
      if (service === 'approvals' || service === 'identity' || name === 'gateway-2')
        process.environment = clocks[service as keyof typeof clocks].environment;
    },
  });
  // Its rule for routine work.
  await makeCast(system.url, REVIEWER_TOKEN, { agents: 0, reviewers: 0, timeoutSeconds: TIMEOUT_SECONDS });
}, 120_000);
beforeEach(() => comesTrue(() => areReady(system), 'every process ready'), 100_000);
afterEach(() => {
  for (const clock of all) clock.set(0);
});
afterAll(async () => {
  await system.remove();
  for (const clock of all) clock.remove();
}, 60_000);

const wrongGateway = () => system.urls[1] ?? '';
const owner = () => caller(system.url, REVIEWER_TOKEN);

describe('a queue whose clock jumps past the deadlines of what waits', () => {
  it('closes each request once, as timed out, and goes on when the clock is right again', async () => {
    const { stories } = await withstand(
      system,
      async (load) => {
        await decideMore(load, 60);
        clocks.approvals.set(2 * TIMEOUT_SECONDS);
        await decideMore(load, 60);
        clocks.approvals.set(0);
        await decideMore(load, 60);
        load.pause();
        const submitted = () => load.stories.every(({ commandIds }) => commandIds.size > 0);
        await comesTrue(submitted, 'an answer to every submission');
        // Also for what was submitted while it was ahead.
        clocks.approvals.set(4 * TIMEOUT_SECONDS);
        await comesTrue(() => load.stories.every(({ heard }) => heard !== null), 'an outcome of everything');
      },
      { mix: { left: 1 }, clocksJump: true, timeoutSeconds: TIMEOUT_SECONDS },
    );
    const sources = stories.map(({ heard }) => heard?.source);
    expect([...new Set(sources)].sort()).toEqual(['cancelled', 'reviewer', 'rule', 'timeout']);
    // What people leave alone runs out, and nothing else becomes of it.
    for (const { plan, heard } of stories) if (plan === 'left') expect(heard?.source).toBe('timeout');
  }, 240_000);
});

async function receiptKeys(): Promise<VerificationKeys> {
  return importJwks((await owner()('GET', '/receipt-keys')).body);
}

/** What an executor whose clock is right says of a receipt that the gateway with the wrong clock gives out. */
async function verdictOn(token: string, at: () => number): Promise<string> {
  // A clock that jumps ahead ends its leases, until they are renewed.
  let command: Frame = {};
  await comesTrue(async () => {
    command = (await caller(wrongGateway(), token)('POST', '/commands', { command: ROUTINE, shell: 'bash' })).body;
    return command.status === 'allowed';
  }, 'routine work');
  const { receipt } = command.decision;
  const { iat, exp } = unverifiedClaims(receipt);
  expect(Number(exp) - Number(iat)).toBe(RECEIPT_SECONDS);
  const intent = { command: ROUTINE, shell: 'bash', cwd: null, commandId: command.id, agent: command.agent.id };
  const verified = verifyReceipt(receipt, await receiptKeys(), at(), intent);
  return verified.ok ? 'good' : verified.fault;
}

describe('a gateway whose clock jumps', () => {
  it('gives out receipts that are good for their time by the right clock, or not at all', async () => {
    const token = await newAgent(system, 'receipts');
    const now = () => Date.now();
    expect(await verdictOn(token, now)).toBe('good');
    expect(await verdictOn(token, () => Date.now() + (RECEIPT_SECONDS + 1) * 1_000)).toBe('expired');
    clocks.gateway.set(-HOUR);
    expect(await verdictOn(token, now)).toBe('expired');
    clocks.gateway.set(HOUR);
    expect(await verdictOn(token, now)).toBe('not_yet_valid');
    clocks.gateway.set(0);
    expect(await verdictOn(token, now)).toBe('good');
  }, 60_000);

  it('back by an hour does not come to believe in a lease again, or for longer', async () => {
    const probe = new Probe([wrongGateway()], await newAgent(system, 'leases'), ROUTINE);
    const [policy] = system.processesOf('policy');
    try {
      await comesTrue(() => probe.answers.at(-1)?.outcome === 'allowed', 'routine work');
      policy?.pause();
      const stopped = performance.now();
      // While it holds: by the wall clock it would hold for an hour more.
      clocks.gateway.set(-HOUR);
      const lapsed = async () => (await troubles(wrongGateway()))?.includes('policy lease') ?? false;
      await comesTrue(lapsed, 'a lapsed lease');
      const from = performance.now();
      expect(from - stopped).toBeLessThan(TOLD_WITHIN_MS);
      // Once it has lapsed, too.
      clocks.gateway.set(-2 * HOUR);
      await comesTrue(() => probe.within(from, performance.now()).length >= 3, 'further answers');
      expect(await lapsed()).toBe(true);
      for (const { outcome } of probe.within(from, performance.now())) expect(outcome).not.toBe('allowed');
    } finally {
      policy?.resume();
      await probe.stop();
    }
  }, 60_000);

  it.each([-HOUR, HOUR])(
    'by %i seconds lets no token and no rule live longer than they were given',
    async (jump) => {
      // What was once ahead finds everything expired too early, until it is started again.
      const [, gateway] = system.processesOf('gateway');
      await gateway?.stop();
      await gateway?.launch();
      const expiresAt = Date.now() + 8_000;
      const expires = { expires_at: new Date(expiresAt).toISOString() };
      const command = `echo short-lived ${jump}`;
      const rule = { effect: 'allow', pattern_type: 'exact', pattern: command, scope: { type: 'global' }, ...expires };
      expect((await owner()('POST', '/rules', rule)).status).toBe(201);
      const agent = (await owner()('POST', '/agents', { name: `short-lived ${jump}` })).body;
      const issue = async (more: object) =>
        (await owner()('POST', `/agents/${agent.id}/tokens`, { name: 'short-lived', ...more })).body.token;
      const lasting = caller(wrongGateway(), await issue({}));
      const brief = caller(wrongGateway(), await issue(expires));
      const statusOf = async (ask: typeof brief) => {
        const began = Date.now();
        const { status, body } = await ask('POST', '/commands', { command });
        if (status === 200 && body.status === 'allowed') expect(began).toBeLessThan(expiresAt);
        return status === 200 || status === 202 ? body.status : body.code;
      };
      // Known to the gateway before its clock jumps.
      expect([await statusOf(lasting), await statusOf(brief)]).toEqual(['allowed', 'allowed']);
      clocks.gateway.set(jump);
      await comesTrue(async () => (await statusOf(lasting)) === 'pending', 'the end of the rule');
      await comesTrue(async () => (await statusOf(brief)) === 'UNAUTHENTICATED', 'the end of the token');
      // Not because nothing works there any more.
      expect(await statusOf(lasting)).toMatch(/^(pending|TOO_MANY_PENDING)$/);
    },
    60_000,
  );
});

describe('sign-ins, when the clock of identity jumps', () => {
  const CSRF = { 'x-expacti-csrf': '1' };
  const PERSON = { email: 'clara@example.com', password: 'a long enough pass phrase 7' };
  const everybody = () => caller(system.url, null);
  const refresh = (pair: string) => everybody()('POST', '/auth/refresh', undefined, { cookie: pair, ...CSRF });

  beforeAll(async () => {
    const invited = await owner()('POST', '/users', { email: PERSON.email, name: 'Clara', roles: ['reviewer'] });
    const accepted = { token: invited.body.invitation_token, password: PERSON.password };
    expect((await everybody()('POST', '/auth/invitation', accepted)).status).toBe(200);
  }, 30_000);

  async function signIn() {
    const { status, body, headers } = await everybody()('POST', '/auth/login', PERSON);
    expect(status).toBe(200);
    return { token: body.access_token as string, pair: cookieOf(headers).pair };
  }

  const statusOf = async (token: string) => (await caller(system.url, token)('GET', '/auth/me')).status;

  it('end when they should: the access token after 15 minutes, what renews it after 14 days', async () => {
    const first = await signIn();
    clocks.identity.set(14 * 60);
    expect(await statusOf(first.token)).toBe(200);
    const second = await signIn();
    clocks.identity.set(30 * 60);
    expect(await statusOf(second.token)).toBe(401);
    const renewed = await refresh(second.pair);
    expect(renewed.status).toBe(200);
    expect(await statusOf(renewed.body.access_token)).toBe(200);
    clocks.identity.set(15 * DAY);
    expect((await refresh(cookieOf(renewed.headers).pair)).status).toBe(401);
    expect((await signIn()).token).toMatch(/./);
  }, 60_000);

  it('made while it was wrong are as good as others once it is right', async () => {
    clocks.identity.set(-HOUR);
    const early = await signIn();
    clocks.identity.set(0);
    // By the right clock it ran out long ago.
    expect(await statusOf(early.token)).toBe(401);
    expect((await refresh(early.pair)).status).toBe(200);
  }, 60_000);
});
