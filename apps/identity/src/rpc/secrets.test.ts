import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, DEVICE, IdentityRig, PASSWORD, withOwner } from '../../test/identity-rig.js';
import { identityService } from '../index.js';
import { UserRow } from '../storage/user-row.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
  });
  afterEach(() => rig.remove());

  describe('secrets', () => {
    it('are in no log, no event and, but for their hashes, in no row', async () => {
      const outcome = await rig.bootstrap({ eval: false });
      const owner = await withOwner(rig);
      const principal = await rig.userOf(owner.access_token);
      const agent = await rig.ask('identity.agents.create', { principal, agent: { name: 'deploy' } });
      const issued = await rig.ask('identity.tokens.issue', { principal, agent_id: agent.id, token: { name: 'ci' } });
      const user = { email: 'rita@example.com', name: 'Rita', roles: ['reviewer' as const] };
      const invited = await rig.ask('identity.users.create', { principal, user });
      const refreshed = await rig.ask('identity.refresh', { refresh_token: owner.refresh_token });
      const wrong = 'a wrong guess of mine';
      expect(await codeOf(rig.ask('identity.login', { email: user.email, password: wrong, ...DEVICE }))).toBe(
        'SIGN_IN_FAILED',
      );
      const next = 'mehr wolken als gestern';
      await rig.ask('identity.change_password', { principal, current_password: PASSWORD, new_password: next });

      const secrets = {
        setupToken: 'setupToken' in outcome ? outcome.setupToken : '',
        access: owner.access_token,
        refresh: owner.refresh_token,
        nextAccess: refreshed.access_token,
        nextRefresh: refreshed.refresh_token,
        shellToken: issued.token,
        invitation: invited.invitation_token,
        PASSWORD,
        next,
        wrong,
        masterKey: rig.masterKey.toString('base64url'),
      };
      const seen = JSON.stringify([rig.log, await rig.facts(), await allRows()]);
      for (const [name, secret] of Object.entries(secrets)) {
        expect(secret.length).toBeGreaterThan(10);
        expect([name, seen.includes(secret)]).toEqual([name, false]);
      }

      const hashes = (await rig.database.read((manager) => manager.find(UserRow))).flatMap(
        (row) => row.passwordHash ?? [],
      );
      const told = JSON.stringify([rig.log, await rig.facts()]);
      expect(hashes.length).toBeGreaterThan(0);
      expect(hashes.some((hash) => told.includes(hash))).toBe(false);
    });
  });

  async function allRows(): Promise<unknown[]> {
    return rig.database.read(async (manager) => {
      const rows: unknown[] = [];
      for (const entity of identityService.entities) rows.push(...(await manager.find(entity)));
      return rows;
    });
  }
});
