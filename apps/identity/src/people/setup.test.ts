import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, DEVICE, IdentityRig, PASSWORD, withOwner } from '../../test/identity-rig.js';
import { SetupTokenRow } from '../storage/setup-token-row.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
  });
  afterEach(() => rig.remove());

  const request = {
    email: 'mallory@example.com',
    name: 'Mallory',
    password: PASSWORD,
    org_name: 'Acme',
    ...DEVICE,
  };

  describe('setting up', () => {
    it('makes the org and its owner, and signs in', async () => {
      expect(await rig.ask('identity.methods', {})).toMatchObject({ eval: false, setup_required: true });
      const signedIn = await withOwner(rig);
      expect(signedIn.user).toMatchObject({
        email: 'olivia@example.com',
        roles: ['owner'],
        invited: false,
        active: true,
      });
      const principal = await rig.userOf(signedIn.access_token);
      const org = await rig.ask('identity.org', { org: principal.org });
      expect(org).toMatchObject({
        name: 'Acme',
        eval: false,
        one_person_approval: false,
        timeout: { action: 'deny', seconds: 60 },
        remember_dynamic: 'session',
        pending_limit: 50,
      });
      expect(await rig.factTypes()).toEqual(['org.created', 'user.created', 'user.signed_in']);
      expect(await rig.ask('identity.methods', {})).toEqual({ password: true, eval: false, setup_required: false });
    });

    it('happens once, however many try at the same time', async () => {
      const outcome = await rig.bootstrap({ eval: false });
      const token = 'setupToken' in outcome ? outcome.setupToken : '';
      const tries = ['a@example.com', 'b@example.com', 'c@example.com'].map((email) =>
        codeOf(rig.ask('identity.setup', { ...request, email, token })),
      );
      const codes = await Promise.all(tries);
      expect(codes.filter((code) => code === 'no error')).toHaveLength(1);
      expect(codes.filter((code) => code === 'SETUP_DONE')).toHaveLength(2);
      expect(await codeOf(rig.ask('identity.setup', { ...request, token }))).toBe('SETUP_DONE');
      expect(await rig.bootstrap({ eval: false })).toEqual({ type: 'ready' });
    });

    it('takes the token of each start of the last ten minutes, and none from before', async () => {
      const outcome = await rig.bootstrap({ eval: false });
      rig.clock.advance(10 * 60_000 - 1);
      const second = await rig.bootstrap({ eval: false });
      rig.clock.advance(1);
      await rig.bootstrap({ eval: false });
      const old = 'setupToken' in outcome ? outcome.setupToken : '';
      for (const token of [old, 'setup_guess', ' ']) {
        expect(await codeOf(rig.ask('identity.setup', { ...request, token }))).toBe('UNAUTHENTICATED');
      }
      const token = 'setupToken' in second ? second.setupToken : '';
      expect(await codeOf(rig.ask('identity.setup', { ...request, token }))).toBe('no error');
    });

    it('is over when one of several links was used, and when an evaluation starts', async () => {
      const tokens: string[] = [];
      for (const _ of [1, 2, 3]) {
        const outcome = await rig.bootstrap({ eval: false });
        tokens.push('setupToken' in outcome ? outcome.setupToken : '');
      }
      await rig.bootstrap({ eval: true });
      for (const token of tokens)
        expect(await codeOf(rig.ask('identity.setup', { ...request, token }))).toBe('UNAUTHENTICATED');
      const outcomes = [await rig.bootstrap({ eval: false }), await rig.bootstrap({ eval: false })];
      const codes = await Promise.all(
        outcomes.map((outcome, number) =>
          codeOf(
            rig.ask('identity.setup', {
              ...request,
              email: `owner${number}@example.com`,
              token: 'setupToken' in outcome ? outcome.setupToken : '',
            }),
          ),
        ),
      );
      expect(codes.toSorted()).toEqual(['SETUP_DONE', 'no error']);
      expect(await rig.database.read((manager) => manager.count(SetupTokenRow))).toBe(0);
    });

    it('refuses a password that is guessed first, and stays possible', async () => {
      const outcome = await rig.bootstrap({ eval: false });
      const token = 'setupToken' in outcome ? outcome.setupToken : '';
      for (const password of ['password1234', 'short']) {
        expect(await codeOf(rig.ask('identity.setup', { ...request, token, password }))).toBe('INVALID');
      }
      await rig.ask('identity.setup', { ...request, token });
    });
  });
});
