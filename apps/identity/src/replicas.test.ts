import { onPostgres } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, DEVICE, IdentityRig, PASSWORD, withOwner, withPerson } from '../test/identity-rig.js';
import { LastUsedRecorder } from './agents/last-used-recorder.js';
import { SigningKeys } from './sign-in/signing-keys.js';
import { RefreshTokenRow } from './storage/refresh-token-row.js';
import { SigningKeyRow } from './storage/signing-key-row.js';

/** Two processes of the service on one database, asked at the same time. */
onPostgres((databases) => {
  let rig: IdentityRig;
  let other: IdentityRig;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    other = await rig.replica();
  });
  afterEach(async () => {
    await other.remove();
    await rig.remove();
  });

  /** So many at once, in turn on the one and on the other. */
  const atOnce = <T>(times: number, work: (on: IdentityRig, number: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, number) => work(number % 2 === 0 ? rig : other, number)));
  const counted = (codes: readonly string[]) =>
    Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));

  describe('two that start at once', () => {
    it('make one evaluation', async () => {
      const outcomes = await atOnce(6, (on) => on.bootstrap({ eval: true }));
      expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
      expect(await rig.factTypes()).toEqual(['org.created', 'user.created', 'agent.created', 'token.issued']);
      for (const on of [rig, other]) expect(await on.principalOf('demo-shell-token')).not.toBeNull();
    });

    it('each print a link that works, and one of them makes the only owner', async () => {
      const outcomes = await atOnce(4, (on) => on.bootstrap({ eval: false }));
      const codes = await atOnce(4, (on, number) => {
        const outcome = outcomes[number];
        const token = outcome && 'setupToken' in outcome ? outcome.setupToken : '';
        const person = { email: `owner${number}@example.com`, name: 'Olivia', password: PASSWORD, org_name: 'Acme' };
        return codeOf(on.ask('identity.setup', { token, ...person, ...DEVICE }));
      });
      expect(counted(codes)).toEqual({ 'no error': 1, SETUP_DONE: 3 });
      expect((await rig.factTypes()).filter((type) => type === 'org.created')).toHaveLength(1);
    });
  });

  describe('the signing key', () => {
    const keysOf = (on: IdentityRig) => on.application.get(SigningKeys);

    it('is one for both, and counts at once wherever it was made', async () => {
      const made = await atOnce(8, (on) => keysOf(on).current());
      expect(new Set(made.map(({ kid }) => kid)).size).toBe(1);
      const { access_token } = await withOwner(rig);
      expect(await other.principalOf(access_token)).not.toBeNull();
      rig.clock.advance(90 * 24 * 3_600_000);
      const next = await atOnce(8, (on) => keysOf(on).current());
      expect(new Set(next.map(({ kid }) => kid)).size).toBe(1);
      expect(await rig.database.read((manager) => manager.count(SigningKeyRow))).toBe(2);
    });

    it('is known to one that has just looked in vain for another', async () => {
      await withOwner(rig);
      rig.clock.advance(90 * 24 * 3_600_000);
      expect(await other.principalOf('e30.e30.e30')).toBeNull();
      const login = { email: 'olivia@example.com', password: PASSWORD, ...DEVICE };
      const { access_token } = await rig.ask('identity.login', login);
      expect(await other.principalOf(access_token)).not.toBeNull();
    });
  });

  describe('changes of one org at once', () => {
    it('leave an owner when two owners depose each other', async () => {
      const one = await rig.userOf((await withOwner(rig)).access_token);
      const two = await rig.userOf((await withPerson(rig, one, 'two@example.com', ['owner'])).access_token);
      const give = (on: IdentityRig, principal: typeof one, id: string, role: 'owner' | 'auditor') =>
        codeOf(on.ask('identity.users.update', { principal, id, change: { roles: [role] } }));
      for (let round = 0; round < 10; round += 1) {
        const codes = await Promise.all([give(rig, one, two.id, 'auditor'), give(other, two, one.id, 'auditor')]);
        expect(counted(codes)).toEqual({ 'no error': 1, FORBIDDEN: 1 });
        const [winner, loser] = codes[0] === 'no error' ? [one, two] : [two, one];
        expect(await give(rig, winner, loser.id, 'owner')).toBe('no error');
      }
    });

    it('count their versions one by one, and tell of them in that order', async () => {
      const principal = await rig.userOf((await withOwner(rig)).access_token);
      const agent = await rig.ask('identity.agents.create', { principal, agent: { name: 'deploy' } });
      const before = (await rig.facts()).filter(({ type }) => type === 'identity.changed').length;
      await atOnce(24, (on, number) =>
        on.ask(number % 3 === 0 ? 'identity.agents.resume' : 'identity.agents.suspend', { principal, id: agent.id }),
      );
      const hints = (await rig.facts()).filter(({ type }) => type === 'identity.changed').slice(before);
      const first = Number(hints[0]?.payload.version);
      expect(hints.map(({ payload }) => payload.version)).toEqual(hints.map((_, number) => first + number));
      expect(hints).toHaveLength(24);
    });

    it('take a name once, an invitation once, and no more tokens than an agent may have', async () => {
      const principal = await rig.userOf((await withOwner(rig)).access_token);
      const named = await atOnce(8, (on) =>
        codeOf(on.ask('identity.agents.create', { principal, agent: { name: 'deploy' } })),
      );
      expect(counted(named)).toEqual({ 'no error': 1, ALREADY_EXISTS: 7 });

      const user = { email: 'new@example.com', name: 'New', roles: ['reviewer' as const] };
      const { invitation_token: token } = await rig.ask('identity.users.create', { principal, user });
      const accepted = await atOnce(4, (on, number) =>
        codeOf(on.ask('identity.accept_invitation', { token, password: `${PASSWORD} ${number}` })),
      );
      expect(counted(accepted)).toEqual({ 'no error': 1, UNAUTHENTICATED: 3 });

      const [agent] = (await rig.ask('identity.agents.list', { principal, query: { limit: 1 } })).data;
      const issued = await atOnce(56, (on) =>
        codeOf(on.ask('identity.tokens.issue', { principal, agent_id: agent?.id ?? '', token: { name: 'ci' } })),
      );
      expect(counted(issued)).toEqual({ 'no error': 50, INVALID: 6 });
    });
  });

  describe('signing in', () => {
    it('counts every guess, on whatever process it lands', async () => {
      await withOwner(rig);
      const guess = { email: 'olivia@example.com', password: 'wrong', address: '198.51.100.7', user_agent: 'x' };
      const codes = await atOnce(24, (on) => codeOf(on.ask('identity.login', guess)));
      expect(counted(codes)).toEqual({ SIGN_IN_FAILED: 5, RATE_LIMITED: 19 });
    });

    it('lets tabs that refresh at once go on, trades the token once, and ends it all for whoever comes later', async () => {
      const { refresh_token, access_token } = await withOwner(rig);
      const next = await atOnce(6, (on) => on.ask('identity.refresh', { refresh_token }));
      expect(new Set(next.map((pair) => pair.refresh_token)).size).toBe(6);
      for (const pair of next) expect(await other.principalOf(pair.access_token)).not.toBeNull();
      const rows = await rig.database.read((manager) => manager.find(RefreshTokenRow));
      expect(rows.filter(({ rotatedAt }) => rotatedAt !== null)).toHaveLength(1);
      rig.clock.advance(10_001);
      const late = await atOnce(4, (on) => codeOf(on.ask('identity.refresh', { refresh_token })));
      expect(counted(late)).toEqual({ UNAUTHENTICATED: 4 });
      expect(await other.principalOf(access_token)).toBeNull();
      const endings = (await rig.factTypes()).filter((type) => type === 'user.signed_out');
      expect(endings).toHaveLength(1);
    });
  });

  it('writes down the latest use of a token, though the other process had seen an earlier one', async () => {
    const principal = await rig.userOf((await withOwner(rig)).access_token);
    const agent = await rig.ask('identity.agents.create', { principal, agent: { name: 'deploy' } });
    const { token } = await rig.ask('identity.tokens.issue', { principal, agent_id: agent.id, token: { name: 'ci' } });
    await other.principalOf(token);
    rig.clock.advance(5_000);
    await rig.principalOf(token);
    const latest = rig.clock.now();
    await rig.application.get(LastUsedRecorder).flush();
    await other.application.get(LastUsedRecorder).flush();
    const [seen] = (await rig.ask('identity.agents.get', { principal, id: agent.id })).tokens;
    expect(Date.parse(seen?.last_used_at ?? '')).toBe(latest);
  });
});
