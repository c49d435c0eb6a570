import type { RpcResponse } from '@expacti/contracts';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, DEVICE, IdentityRig, PASSWORD, withOwner } from '../../test/identity-rig.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let owner: RpcResponse<'identity.setup'>;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    owner = await withOwner(rig);
  });
  afterEach(() => rig.remove());

  const refresh = (token: string) => rig.ask('identity.refresh', { refresh_token: token });
  const DAY = 24 * 3_600_000;

  describe('a refresh token', () => {
    it('is traded for a new pair', async () => {
      rig.clock.advance(16 * 60_000);
      expect(await rig.principalOf(owner.access_token)).toBeNull();
      const next = await refresh(owner.refresh_token);
      expect(next.refresh_token).not.toBe(owner.refresh_token);
      expect(await rig.principalOf(next.access_token)).not.toBeNull();
    });

    it('that comes a second time ends the whole sign-in', async () => {
      const next = await refresh(owner.refresh_token);
      rig.clock.advance(10_001);
      expect(await codeOf(refresh(owner.refresh_token))).toBe('UNAUTHENTICATED');
      expect(await rig.principalOf(next.access_token)).toBeNull();
      expect(await codeOf(refresh(next.refresh_token))).toBe('UNAUTHENTICATED');
      const [signedOut, hint] = (await rig.facts()).slice(-2);
      expect(signedOut).toMatchObject({
        type: 'user.signed_out',
        payload: { data: { fields: { reason: 'a refresh token was used twice' } } },
      });
      expect(hint).toMatchObject({ type: 'identity.changed' });
    });

    it('may come twice from two tabs at once, and the grace does not grow', async () => {
      const [one, other] = await Promise.all([refresh(owner.refresh_token), refresh(owner.refresh_token)]);
      expect(one?.refresh_token).not.toBe(other?.refresh_token);
      rig.clock.advance(9_000);
      await refresh(owner.refresh_token);
      rig.clock.advance(2_000);
      expect(await codeOf(refresh(owner.refresh_token))).toBe('UNAUTHENTICATED');
      expect(await codeOf(refresh(other?.refresh_token ?? ''))).toBe('UNAUTHENTICATED');
    });

    it('ends when it is not used, and with its sign-in after a month at the latest', async () => {
      let token = owner.refresh_token;
      for (let days = 0; days < 26; days += 13) {
        rig.clock.advance(13 * DAY);
        token = (await refresh(token)).refresh_token;
      }
      const last = await refresh(token);
      expect(last.refresh_expires_in).toBe((4 * DAY) / 1_000);
      rig.clock.advance(4 * DAY);
      expect(await codeOf(refresh(last.refresh_token))).toBe('UNAUTHENTICATED');
      const fresh = await rig.ask('identity.login', { email: 'olivia@example.com', password: PASSWORD, ...DEVICE });
      rig.clock.advance(14 * DAY);
      expect(await codeOf(refresh(fresh.refresh_token))).toBe('UNAUTHENTICATED');
    });

    it('is nothing when it was never given out', async () => {
      for (const token of ['', 'refresh_x', owner.access_token])
        expect(await codeOf(refresh(token))).toBe('UNAUTHENTICATED');
    });
  });

  describe('signing out', () => {
    it('ends the sign-in by its refresh token or by the principal, and may be repeated', async () => {
      const other = await rig.ask('identity.login', { email: 'olivia@example.com', password: PASSWORD, ...DEVICE });
      await rig.ask('identity.logout', { refresh_token: owner.refresh_token, principal: null });
      await rig.ask('identity.logout', { refresh_token: owner.refresh_token, principal: null });
      expect(await rig.principalOf(owner.access_token)).toBeNull();
      const principal = await rig.userOf(other.access_token);
      await rig.ask('identity.logout', { refresh_token: null, principal });
      expect(await rig.principalOf(other.access_token)).toBeNull();
      expect((await rig.factTypes()).filter((type) => type === 'user.signed_out')).toHaveLength(2);
      await rig.ask('identity.logout', { refresh_token: 'unknown', principal: null });
    });
  });
});
