import type { RpcResponse } from '@expacti/contracts';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, DEVICE, IdentityRig, PASSWORD, withOwner, withPerson } from '../../test/identity-rig.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let owner: RpcResponse<'identity.setup'>;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    owner = await withOwner(rig);
  });
  afterEach(() => rig.remove());

  const signIn = (password = PASSWORD, address = DEVICE.address, email = 'olivia@example.com') =>
    rig.ask('identity.login', { email, password, address, user_agent: 'test browser' });

  describe('signing in', () => {
    it('gives an access token of a quarter of an hour and a refresh token', async () => {
      const signedIn = await signIn(PASSWORD, '192.0.2.9', 'OLIVIA@example.com');
      expect(signedIn.expires_in).toBe(900);
      expect(signedIn.refresh_expires_in).toBe(14 * 24 * 3_600);
      expect(signedIn.user.last_sign_in_at).toBe(new Date(rig.clock.now()).toISOString());
      expect(await rig.userOf(signedIn.access_token)).toMatchObject({
        email: 'olivia@example.com',
        roles: ['owner'],
        sign_in_id: expect.stringMatching(/^sin_/),
      });
    });

    it('fails alike for whatever reason', async () => {
      const principal = await rig.userOf(owner.access_token);
      const invited = { email: 'invited@example.com', name: 'Invited', roles: ['reviewer' as const] };
      await rig.ask('identity.users.create', { principal, user: invited });
      const gone = await withPerson(rig, principal, 'gone@example.com', ['reviewer']);
      await rig.ask('identity.users.update', { principal, id: gone.user.id, change: { active: false } });
      for (const email of ['olivia@example.com', 'invited@example.com', 'nobody@example.com']) {
        expect(await codeOf(signIn('wrong', '192.0.2.50', email))).toBe('SIGN_IN_FAILED');
      }
      expect(await codeOf(signIn(PASSWORD, '192.0.2.50', 'gone@example.com'))).toBe('SIGN_IN_FAILED');
      const failed = (await rig.facts()).filter(({ type }) => type === 'user.sign_in_failed');
      expect(failed.map(({ org }) => org)).toEqual([principal.org, principal.org, principal.org]);
    });

    it('is possible for nobody of an evaluation once that is over', async () => {
      await rig.bootstrap({ eval: true });
      const reviewer = await rig.userOf('demo-reviewer-token');
      await withPerson(rig, reviewer, 'eve@example.com', ['owner']);
      await rig.bootstrap({ eval: false });
      expect(await codeOf(signIn(PASSWORD, '192.0.2.60', 'eve@example.com'))).toBe('SIGN_IN_FAILED');
    });
  });

  describe('guessing', () => {
    const guess = (address: string) => codeOf(signIn('wrong', address));

    it('is slowed down for one account and address, and says how long', async () => {
      for (let count = 0; count < 5; count += 1) expect(await guess('203.0.113.1')).toBe('SIGN_IN_FAILED');
      await expect(signIn(PASSWORD, '203.0.113.1')).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: 30,
      });
      rig.clock.advance(29_000);
      await expect(signIn(PASSWORD, '203.0.113.1')).rejects.toMatchObject({ retryAfterSeconds: 1 });
      rig.clock.advance(1_000);
      await signIn(PASSWORD, '203.0.113.1');
      expect(await guess('203.0.113.1')).toBe('SIGN_IN_FAILED');
    });

    it('does not become free by asking all at once, nor by a restart', async () => {
      const codes = await Promise.all(Array.from({ length: 12 }, () => guess('203.0.113.2')));
      expect(codes.filter((code) => code === 'SIGN_IN_FAILED')).toHaveLength(5);
      expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(7);
      await rig.stop();
      await rig.start();
      await rig.bootstrap({ eval: false });
      expect(await guess('203.0.113.2')).toBe('RATE_LIMITED');
    });

    it('from many addresses slows strangers down, and does not lock the person out', async () => {
      for (let count = 0; count < 20; count += 1) expect(await guess(`203.0.113.${count}`)).toBe('SIGN_IN_FAILED');
      expect(await guess('203.0.113.200')).toBe('RATE_LIMITED');
      // From where they signed in before.
      await signIn(PASSWORD, DEVICE.address);
      // From elsewhere after a moment.
      rig.clock.advance(60_000);
      await signIn(PASSWORD, '198.51.100.7');
    });

    it('at many accounts from one address is slowed down', async () => {
      const codes: string[] = [];
      for (let count = 0; count < 51; count += 1) {
        codes.push(await codeOf(signIn('wrong', '203.0.113.3', `person${count}@example.com`)));
      }
      expect(new Set(codes.slice(0, 50))).toEqual(new Set(['SIGN_IN_FAILED']));
      expect(codes[50]).toBe('RATE_LIMITED');
      await signIn();
    });
  });

  describe('changing the password', () => {
    const change = async (current: string, next: string, token = owner.access_token) => {
      const principal = await rig.userOf(token);
      return rig.ask('identity.change_password', { principal, current_password: current, new_password: next });
    };

    it('ends the other sign-ins and keeps this one', async () => {
      const other = await signIn();
      await change(PASSWORD, 'mehr wolken als gestern');
      expect(await rig.principalOf(other.access_token)).toBeNull();
      expect(await codeOf(rig.ask('identity.refresh', { refresh_token: other.refresh_token }))).toBe('UNAUTHENTICATED');
      expect(await rig.principalOf(owner.access_token)).not.toBeNull();
      await rig.ask('identity.refresh', { refresh_token: owner.refresh_token });
      expect(await codeOf(signIn(PASSWORD))).toBe('SIGN_IN_FAILED');
      await signIn('mehr wolken als gestern');
      expect(await rig.factTypes()).toContain('user.password_changed');
    });

    it('needs the current one, and a better one', async () => {
      for (const [current, next] of [
        ['wrong', 'mehr wolken als gestern'],
        [PASSWORD, PASSWORD],
        [PASSWORD, 'password1234'],
        [PASSWORD, 'Olivia Owner1'],
      ] as const) {
        expect(await codeOf(change(current, next))).toBe('INVALID');
      }
    });

    it('is no way to guess the current one', async () => {
      for (let count = 0; count < 5; count += 1) expect(await codeOf(change('wrong', 'mehr wolken'))).toBe('INVALID');
      expect(await codeOf(change('wrong', 'mehr wolken als gestern'))).toBe('INVALID');
      for (let count = 0; count < 4; count += 1) await codeOf(change('wrong', 'mehr wolken als gestern'));
      expect(await codeOf(change(PASSWORD, 'mehr wolken als gestern'))).toBe('RATE_LIMITED');
    });

    it('is not for the demo reviewer', async () => {
      await rig.bootstrap({ eval: true });
      expect(await codeOf(change('x', 'mehr wolken als gestern', 'demo-reviewer-token'))).toBe('NOT_SUPPORTED');
    });
  });
});
