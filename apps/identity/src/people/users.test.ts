import type { RoleName, UserPrincipal } from '@expacti/contracts';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, DEVICE, IdentityRig, PASSWORD, withOwner, withPerson } from '../../test/identity-rig.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let owner: UserPrincipal;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    owner = await rig.userOf((await withOwner(rig)).access_token);
  });
  afterEach(() => rig.remove());

  const person = async (name: string, roles: RoleName[], inviter = owner) => {
    const signedIn = await withPerson(rig, inviter, `${name}@example.com`, roles);
    return { ...signedIn, principal: await rig.userOf(signedIn.access_token) };
  };
  const update = (principal: UserPrincipal, id: string, change: object) =>
    rig.ask('identity.users.update', { principal, id, change });

  describe('an invitation', () => {
    const user = { email: 'rita@example.com', name: 'Rita', roles: ['reviewer' as const] };
    const accept = (token: string, password = PASSWORD) => rig.ask('identity.accept_invitation', { token, password });

    it('lets the person choose a password, once', async () => {
      const { invitation_token: token, ...invited } = await rig.ask('identity.users.create', {
        principal: owner,
        user,
      });
      expect(invited).toMatchObject({ ...user, invited: true, active: true });
      expect(await codeOf(accept(token, 'password1234'))).toBe('INVALID');
      expect(await accept(token)).toEqual({ ...invited, invited: false });
      expect(await codeOf(accept(token, 'another long password'))).toBe('UNAUTHENTICATED');
      await rig.ask('identity.login', { email: user.email, password: PASSWORD, ...DEVICE });
      const fact = (await rig.facts()).findLast(({ type }) => type === 'user.updated');
      expect(fact?.payload).toMatchObject({ data: { fields: { invited: { before: true, after: false } } } });
    });

    it('ends after a week, and with the person', async () => {
      const first = await rig.ask('identity.users.create', { principal: owner, user });
      await rig.ask('identity.users.delete', { principal: owner, id: first.id });
      expect(await codeOf(accept(first.invitation_token))).toBe('UNAUTHENTICATED');
      const second = await rig.ask('identity.users.create', { principal: owner, user });
      await update(owner, second.id, { active: false });
      expect(await codeOf(accept(second.invitation_token))).toBe('UNAUTHENTICATED');
      await update(owner, second.id, { active: true });
      rig.clock.advance(7 * 24 * 3_600_000);
      expect(await codeOf(accept(second.invitation_token))).toBe('UNAUTHENTICATED');
    });

    it('is for an e-mail that nobody has', async () => {
      const taken = { ...user, email: 'OLIVIA@example.com' };
      expect(await codeOf(rig.ask('identity.users.create', { principal: owner, user: taken }))).toBe('ALREADY_EXISTS');
    });
  });

  describe('people', () => {
    it('lose access at once when deactivated, also by refresh, and come back', async () => {
      const rita = await person('rita', ['reviewer']);
      await update(owner, rita.user.id, { active: false });
      expect(await rig.principalOf(rita.access_token)).toBeNull();
      expect(await codeOf(rig.ask('identity.refresh', { refresh_token: rita.refresh_token }))).toBe('UNAUTHENTICATED');
      expect((await rig.facts()).at(-1)).toMatchObject({
        type: 'identity.changed',
        payload: { revoked: { user_ids: [rita.user.id], sign_in_ids: [rita.principal.sign_in_id] } },
      });
      await update(owner, rita.user.id, { active: true });
      expect(await rig.principalOf(rita.access_token)).toBeNull();
      await rig.ask('identity.login', { email: 'rita@example.com', password: PASSWORD, ...DEVICE });
    });

    it('have new roles at the next call', async () => {
      const rita = await person('rita', ['reviewer']);
      await update(owner, rita.user.id, { roles: ['auditor'] });
      const principal = await rig.userOf(rita.access_token);
      expect(principal.permissions).toContain('audit:read');
      expect(principal.permissions).not.toContain('approvals:decide');
    });

    it('are gone when removed', async () => {
      const rita = await person('rita', ['reviewer']);
      await rig.ask('identity.users.delete', { principal: owner, id: rita.user.id });
      expect(await rig.principalOf(rita.access_token)).toBeNull();
      expect(await codeOf(rig.ask('identity.users.get', { principal: owner, id: rita.user.id }))).toBe('NOT_FOUND');
    });

    it('are listed newest first and found by name or e-mail', async () => {
      await person('rita', ['reviewer']);
      await person('ron', ['auditor']);
      const list = async (query: object) =>
        (await rig.ask('identity.users.list', { principal: owner, query })).data.map(({ email }) => email);
      expect(await list({})).toEqual(['ron@example.com', 'rita@example.com', 'olivia@example.com']);
      expect(await list({ q: 'RIT' })).toEqual(['rita@example.com']);
      expect(await list({ limit: 1 })).toEqual(['ron@example.com']);
    });

    it('keep an owner who can sign in', async () => {
      for (const change of [{ active: false }, { roles: ['admin' as const] }]) {
        expect(await codeOf(update(owner, owner.id, change))).toBe('FORBIDDEN');
      }
      expect(await codeOf(rig.ask('identity.users.delete', { principal: owner, id: owner.id }))).toBe('FORBIDDEN');
      const invited = { email: 'second@example.com', name: 'Second', roles: ['owner' as const] };
      await rig.ask('identity.users.create', { principal: owner, user: invited });
      expect(await codeOf(update(owner, owner.id, { active: false }))).toBe('FORBIDDEN');
      const third = await person('third', ['owner']);
      await update(third.principal, owner.id, { roles: ['reviewer'] });
      expect(await codeOf(update(third.principal, third.user.id, { active: false }))).toBe('FORBIDDEN');
    });

    it('demote one another at the same time, and one owner remains', async () => {
      const second = await person('second', ['owner']);
      const codes = await Promise.all([
        codeOf(update(owner, second.user.id, { roles: ['admin'] })),
        codeOf(update(second.principal, owner.id, { roles: ['admin'] })),
      ]);
      expect(codes.sort()).toEqual(['FORBIDDEN', 'no error']);
    });

    it('who are admins do not make, change or remove owners', async () => {
      const admin = await person('admin', ['admin']);
      const crowned = { email: 'x@example.com', name: 'X', roles: ['owner' as const] };
      expect(await codeOf(rig.ask('identity.users.create', { principal: admin.principal, user: crowned }))).toBe(
        'FORBIDDEN',
      );
      expect(await codeOf(update(admin.principal, admin.user.id, { roles: ['owner'] }))).toBe('FORBIDDEN');
      expect(await codeOf(update(admin.principal, owner.id, { active: false }))).toBe('FORBIDDEN');
      expect(await codeOf(rig.ask('identity.users.delete', { principal: admin.principal, id: owner.id }))).toBe(
        'FORBIDDEN',
      );
    });

    it('are judged by what they are now, whatever a gateway remembers', async () => {
      const admin = await person('admin', ['admin']);
      await update(owner, admin.user.id, { roles: ['reviewer'] });
      const stale = admin.principal;
      expect(await codeOf(rig.ask('identity.agents.create', { principal: stale, agent: { name: 'x' } }))).toBe(
        'FORBIDDEN',
      );
      await update(owner, admin.user.id, { active: false });
      expect(await codeOf(rig.ask('identity.agents.list', { principal: stale, query: {} }))).toBe('UNAUTHENTICATED');
      const forged = { ...stale, roles: ['owner' as const], permissions: owner.permissions };
      expect(await codeOf(rig.ask('identity.users.list', { principal: forged, query: {} }))).toBe('UNAUTHENTICATED');
    });
  });
});
