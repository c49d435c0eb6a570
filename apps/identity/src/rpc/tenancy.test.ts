import { type Agent, RPC, type RpcPattern, type RpcRequest, type UserPrincipal } from '@expacti/contracts';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, IdentityRig, withOwner } from '../../test/identity-rig.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let home: UserPrincipal;
  let stranger: UserPrincipal;
  let agent: Agent;
  let tokenId: string;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    home = await rig.userOf((await withOwner(rig)).access_token);
    agent = await rig.ask('identity.agents.create', { principal: home, agent: { name: 'deploy' } });
    const token = { name: 'ci' };
    tokenId = (await rig.ask('identity.tokens.issue', { principal: home, agent_id: agent.id, token })).id;
    stranger = await rig.otherOrg();
  });
  afterEach(() => rig.remove());

  /** What a person of another org asks about this one, and that there is no such thing for them. */
  const HIDDEN = {
    'identity.users.get': (principal) => ({ principal, id: home.id }),
    'identity.users.update': (principal) => ({ principal, id: home.id, change: { active: false } }),
    'identity.users.delete': (principal) => ({ principal, id: home.id }),
    'identity.agents.get': (principal) => ({ principal, id: agent.id }),
    'identity.agents.update': (principal) => ({ principal, id: agent.id, change: { name: 'mine' } }),
    'identity.agents.delete': (principal) => ({ principal, id: agent.id }),
    'identity.agents.suspend': (principal) => ({ principal, id: agent.id }),
    'identity.agents.resume': (principal) => ({ principal, id: agent.id }),
    'identity.tokens.issue': (principal) => ({ principal, agent_id: agent.id, token: { name: 'x' } }),
    'identity.tokens.revoke': (principal) => ({ principal, agent_id: agent.id, id: tokenId }),
  } satisfies { [P in RpcPattern]?: (principal: UserPrincipal) => RpcRequest<P> };

  /** Acts on the asker's own org alone: proven below. */
  const OWN_ORG_ONLY = [
    'identity.org.update',
    'identity.users.list',
    'identity.users.create',
    'identity.agents.list',
    'identity.agents.create',
    'identity.change_password',
    'identity.logout',
  ];

  /** Carry no principal: the credential or the gateway says which org it is about. */
  const WITHOUT_PRINCIPAL = [
    'identity.renew_lease',
    'identity.acknowledge',
    'identity.authenticate',
    'identity.methods',
    'identity.login',
    'identity.refresh',
    'identity.setup',
    'identity.accept_invitation',
    'identity.org',
  ];

  describe('one org', () => {
    it('is guarded in every question that there is', () => {
      const asked = Object.keys(RPC).filter((pattern) => pattern.startsWith('identity.'));
      expect([...Object.keys(HIDDEN), ...OWN_ORG_ONLY, ...WITHOUT_PRINCIPAL].sort()).toEqual(asked.sort());
    });

    it.each(Object.keys(HIDDEN) as (keyof typeof HIDDEN)[])('is not there for another in %s', async (pattern) => {
      const before = await state();
      expect(await codeOf(rig.ask(pattern, HIDDEN[pattern](stranger) as never))).toBe('NOT_FOUND');
      expect(await state()).toEqual(before);
    });

    it('is not reached by a principal that claims its org', async () => {
      const impostor = { ...stranger, org: home.org };
      for (const pattern of Object.keys(HIDDEN) as (keyof typeof HIDDEN)[]) {
        expect(await codeOf(rig.ask(pattern, HIDDEN[pattern](impostor) as never))).toBe('UNAUTHENTICATED');
      }
      expect(await codeOf(rig.ask('identity.org.update', { principal: impostor, change: { name: 'x' } }))).toBe(
        'UNAUTHENTICATED',
      );
    });

    it('is not listed for another, and not changed by what another does to itself', async () => {
      const before = await state();
      const people = await rig.ask('identity.users.list', { principal: stranger, query: {} });
      expect(people.data.map(({ id }) => id)).toEqual([stranger.id]);
      expect((await rig.ask('identity.agents.list', { principal: stranger, query: {} })).data).toEqual([]);
      const theirs = await rig.ask('identity.agents.create', { principal: stranger, agent: { name: 'deploy' } });
      const moved = { principal: stranger, agent_id: theirs.id, id: tokenId };
      expect(await codeOf(rig.ask('identity.tokens.revoke', moved))).toBe('NOT_FOUND');
      await rig.ask('identity.org.update', { principal: stranger, change: { name: 'Other 2', pending_limit: 1 } });
      const user = { email: 'new@other.example', name: 'New', roles: ['owner' as const] };
      await rig.ask('identity.users.create', { principal: stranger, user });
      const foreign = { ...stranger, sign_in_id: home.sign_in_id };
      await rig.ask('identity.logout', { refresh_token: null, principal: foreign });
      const change = { current_password: 'x', new_password: 'mehr wolken als gestern' };
      expect(await codeOf(rig.ask('identity.change_password', { principal: foreign, ...change }))).not.toBe('no error');
      expect(await state()).toEqual(before);
    });

    it('has facts and hints of its own', async () => {
      await rig.ask('identity.org.update', { principal: stranger, change: { name: 'Other 2' } });
      const last = (await rig.facts()).slice(-2);
      expect(last.map(({ org }) => org)).toEqual([stranger.org, stranger.org]);
      expect(JSON.stringify(last)).not.toContain(home.org);
    });
  });

  /** Everything of the home org that can be seen. */
  async function state() {
    return {
      org: await rig.ask('identity.org', { org: home.org }),
      people: await rig.ask('identity.users.list', { principal: home, query: {} }),
      agents: await rig.ask('identity.agents.list', { principal: home, query: {} }),
    };
  }
});
