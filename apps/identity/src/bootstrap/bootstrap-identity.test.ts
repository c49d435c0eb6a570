import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IdentityRig } from '../../test/identity-rig.js';
import { SetupTokenRow } from '../storage/setup-token-row.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
  });
  afterEach(() => rig.remove());

  describe('a start for evaluation', () => {
    it('makes the demo org, once', async () => {
      const first = await rig.bootstrap({ eval: true });
      const facts = await rig.factTypes();
      expect(first).toMatchObject({
        type: 'eval',
        shellToken: 'demo-shell-token',
        reviewerToken: 'demo-reviewer-token',
      });
      expect(facts).toEqual(['org.created', 'user.created', 'agent.created', 'token.issued']);
      expect(await rig.bootstrap({ eval: true })).toEqual(first);
      expect(await rig.factTypes()).toEqual(facts);
    });

    it('opens the two published doors', async () => {
      await rig.bootstrap({ eval: true });
      const reviewer = await rig.userOf('demo-reviewer-token');
      expect(reviewer).toMatchObject({ name: 'Demo Reviewer', roles: ['owner'], sign_in_id: null });
      expect(reviewer.permissions).toContain('approvals:decide');
      expect(await rig.principalOf('demo-shell-token')).toMatchObject({
        kind: 'agent',
        name: 'demo-agent',
        org: reviewer.org,
        owner_id: reviewer.id,
        targets: null,
      });
    });

    it('puts one-person approval on record', async () => {
      await rig.bootstrap({ eval: true });
      const [created] = await rig.facts();
      expect(created?.payload).toMatchObject({
        actor: { kind: 'system' },
        data: { fields: { one_person_approval: { before: null, after: true }, eval: { after: true } } },
      });
    });
  });

  describe('a database of an evaluation, started without it', () => {
    it('knows no demo credential, nor any that was issued there', async () => {
      await rig.bootstrap({ eval: true });
      const principal = await rig.userOf('demo-reviewer-token');
      const agent = await rig.ask('identity.agents.create', { principal, agent: { name: 'deploy' } });
      const { token } = await rig.ask('identity.tokens.issue', {
        principal,
        agent_id: agent.id,
        token: { name: 'ci' },
      });
      expect(await rig.principalOf(token)).not.toBeNull();

      await rig.stop();
      await rig.start();
      for (const step of ['before bootstrap', 'after it']) {
        for (const credential of ['demo-shell-token', 'demo-reviewer-token', token]) {
          expect([step, credential, await rig.principalOf(credential)]).toEqual([step, credential, null]);
        }
        await rig.bootstrap({ eval: false });
      }
    });

    it('still needs its owner', async () => {
      await rig.bootstrap({ eval: true });
      expect(await rig.bootstrap({ eval: false })).toMatchObject({ type: 'setup-required' });
    });
  });

  describe('a first start', () => {
    it('makes a set-up token, new at every start and stored as a hash', async () => {
      const first = await rig.bootstrap({ eval: false });
      const second = await rig.bootstrap({ eval: false });
      expect(first).toMatchObject({ type: 'setup-required', setupToken: expect.stringMatching(/^setup_[\w-]{43}$/) });
      expect(second).toMatchObject({ type: 'setup-required' });
      expect(second).not.toEqual(first);
      const rows = await rig.database.read((manager) => manager.find(SetupTokenRow));
      expect(rows).toHaveLength(2);
      expect(JSON.stringify([rows, rig.log])).not.toContain((second as { setupToken: string }).setupToken);
    });

    it('has nothing to say where an owner is', async () => {
      await rig.otherOrg();
      expect(await rig.bootstrap({ eval: false })).toEqual({ type: 'ready' });
    });
  });
});
