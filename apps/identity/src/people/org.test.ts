import type { OrgChange, UserPrincipal } from '@expacti/contracts';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, IdentityRig, withOwner, withPerson } from '../../test/identity-rig.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let owner: UserPrincipal;
  let admin: UserPrincipal;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    owner = await rig.userOf((await withOwner(rig)).access_token);
    admin = await rig.userOf((await withPerson(rig, owner, 'admin@example.com', ['admin'])).access_token);
  });
  afterEach(() => rig.remove());

  const update = (principal: UserPrincipal, change: OrgChange) => rig.ask('identity.org.update', { principal, change });

  describe('settings', () => {
    it('change, with who and what on record, and gateways are told', async () => {
      rig.clock.advance(1_000);
      const org = await update(admin, { timeout: { action: 'hold', seconds: 3_600 }, pending_limit: 7 });
      expect(org).toMatchObject({
        timeout: { action: 'hold', seconds: 3_600 },
        pending_limit: 7,
        updated_by: admin.name,
      });
      expect(Date.parse(org.updated_at) - Date.parse(org.created_at)).toBe(1_000);
      expect(await rig.ask('identity.org', { org: owner.org })).toEqual(org);
      expect((await rig.facts()).slice(-2)).toMatchObject([
        {
          type: 'org.updated',
          payload: {
            actor: { id: admin.id },
            data: {
              fields: {
                timeout: { before: { action: 'deny', seconds: 60 }, after: { action: 'hold', seconds: 3_600 } },
                pending_limit: { before: 50, after: 7 },
              },
            },
          },
        },
        { type: 'identity.changed', payload: { org: owner.org, version: 1 } },
      ]);
    });

    it.each([
      { action: 'deny' as const, seconds: 29 },
      { action: 'deny' as const, seconds: 601 },
      { action: 'hold' as const, seconds: 86_401 },
    ])('refuse a timeout of %j', async (timeout) => {
      expect(await codeOf(update(owner, { timeout }))).toBe('INVALID');
    });

    it('say that escalation is not there yet', async () => {
      const escalate = update(owner, { timeout: { action: 'escalate', seconds: 60 } });
      await expect(escalate).rejects.toMatchObject({ code: 'NOT_SUPPORTED', detail: expect.stringContaining('hold') });
    });

    it('let unanswered commands run only when an owner confirms it', async () => {
      const timeout = { action: 'allow' as const, seconds: 60 };
      expect(await codeOf(update(admin, { timeout, confirm_allow_timeout: true }))).toBe('FORBIDDEN');
      expect(await codeOf(update(owner, { timeout }))).toBe('INVALID');
      expect(await codeOf(update(owner, { timeout, confirm_allow_timeout: false }))).toBe('INVALID');
      expect((await update(owner, { timeout, confirm_allow_timeout: true })).timeout).toEqual(timeout);
    });

    it('leave one-person approval to owners', async () => {
      expect(await codeOf(update(admin, { one_person_approval: true }))).toBe('FORBIDDEN');
      expect((await update(owner, { one_person_approval: true })).one_person_approval).toBe(true);
      expect(await codeOf(update(admin, { one_person_approval: false }))).toBe('FORBIDDEN');
      expect((await update(admin, { one_person_approval: true, name: 'Acme 2' })).name).toBe('Acme 2');
      const fact = (await rig.facts()).find(({ type }) => type === 'org.updated');
      expect(fact?.payload).toMatchObject({
        data: { fields: { one_person_approval: { before: false, after: true } } },
      });
    });

    it('are not for reviewers', async () => {
      const rita = await rig.userOf((await withPerson(rig, owner, 'rita@example.com', ['reviewer'])).access_token);
      expect(await codeOf(update(rita, { name: 'Mine' }))).toBe('FORBIDDEN');
    });
  });
});
