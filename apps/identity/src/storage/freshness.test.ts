import type { UserPrincipal } from '@expacti/contracts';
import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IdentityRig } from '../../test/identity-rig.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let principal: UserPrincipal;
  let agentId: string;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    await rig.bootstrap({ eval: true });
    principal = await rig.userOf('demo-reviewer-token');
    agentId = (await rig.ask('identity.agents.create', { principal, agent: { name: 'deploy' } })).id;
  });
  afterEach(() => rig.remove());

  const lastVersion = async () => {
    const hints = (await rig.facts()).filter(({ type }) => type === 'identity.changed');
    return hints.at(-1)?.payload.version as number | undefined;
  };

  describe('a tightening change of identity', () => {
    it('answers when the gateways have acknowledged its version', async () => {
      expect(await rig.ask('identity.renew_lease', { gateway_id: 'gateway' })).toEqual({ lease_ms: 2_000 });
      let isAnswered = false;
      const suspended = rig.ask('identity.agents.suspend', { principal, id: agentId }).then(() => {
        isAnswered = true;
      });
      const version = Number(await eventually(lastVersion));
      expect(isAnswered).toBe(false);
      await rig.ask('identity.acknowledge', { gateway_id: 'gateway', org: principal.org, version });
      await suspended;
    });

    it('answers when a silent gateway has lost its lease', async () => {
      await rig.ask('identity.renew_lease', { gateway_id: 'silent' });
      let isAnswered = false;
      const suspended = rig.ask('identity.agents.suspend', { principal, id: agentId }).then(() => {
        isAnswered = true;
      });
      await eventually(lastVersion);
      await eventually(() => rig.clock.waiting > 0);
      expect(isAnswered).toBe(false);
      await eventually(() => {
        rig.clock.advance(100);
        return isAnswered;
      });
      await suspended;
      expect(await rig.principalOf('demo-shell-token')).not.toBeNull();
    });

    it('counts versions per org, without gaps', async () => {
      await rig.ask('identity.agents.suspend', { principal, id: agentId });
      await rig.ask('identity.agents.resume', { principal, id: agentId });
      expect(await lastVersion()).toBe(2);
    });
  });
});
