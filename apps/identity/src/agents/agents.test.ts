import type { Agent, IssuedAgentToken, UserPrincipal } from '@expacti/contracts';
import { encodeCursor } from '@expacti/persistence';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, IdentityRig } from '../../test/identity-rig.js';
import { LastUsedRecorder } from './last-used-recorder.js';

onEachDatabase((databases) => {
  let rig: IdentityRig;
  let principal: UserPrincipal;
  let agent: Agent;
  beforeEach(async () => {
    rig = await new IdentityRig(databases).start();
    await rig.bootstrap({ eval: true });
    principal = await rig.userOf('demo-reviewer-token');
    agent = await rig.ask('identity.agents.create', { principal, agent: { name: 'deploy', description: 'ships' } });
  });
  afterEach(() => rig.remove());

  const issue = (token: object = {}): Promise<IssuedAgentToken> =>
    rig.ask('identity.tokens.issue', { principal, agent_id: agent.id, token: { name: 'ci', ...token } });

  describe('an agent', () => {
    it('belongs to whoever made it', () => {
      expect(agent).toMatchObject({
        name: 'deploy',
        description: 'ships',
        owner: { id: principal.id, name: 'Demo Reviewer' },
        suspended: false,
        tokens: [],
      });
    });

    it('has a name of its own in its org', async () => {
      const again = { principal, agent: { name: 'deploy' } };
      expect(await codeOf(rig.ask('identity.agents.create', again))).toBe('ALREADY_EXISTS');
      const rename = { principal, id: agent.id, change: { name: 'demo-agent' } };
      expect(await codeOf(rig.ask('identity.agents.update', rename))).toBe('ALREADY_EXISTS');
      const other = await rig.otherOrg();
      await rig.ask('identity.agents.create', { principal: other, agent: { name: 'deploy' } });
    });

    it('is renamed, and the record says from what', async () => {
      await rig.ask('identity.agents.update', { principal, id: agent.id, change: { name: 'release' } });
      const fact = (await rig.facts()).findLast(({ type }) => type === 'agent.updated');
      expect(fact?.payload).toMatchObject({
        actor: { kind: 'user', id: principal.id },
        subject: { type: 'agent', id: agent.id },
        data: { fields: { name: { before: 'deploy', after: 'release' } } },
      });
    });

    it('is listed newest first, page by page, and found by a part of its name', async () => {
      for (const name of ['a_b', 'a%b', 'axb']) await rig.ask('identity.agents.create', { principal, agent: { name } });
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await rig.ask('identity.agents.list', { principal, query: { limit: 2, cursor } });
        names.push(...page.data.map(({ name }) => name));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      expect(names).toEqual(['axb', 'a%b', 'a_b', 'deploy', 'demo-agent']);
      const found = await rig.ask('identity.agents.list', { principal, query: { q: 'A%B' } });
      expect(found.data.map(({ name }) => name)).toEqual(['a%b']);
      await rig.ask('identity.agents.create', { principal, agent: { name: 'Übung' } });
      const umlaut = await rig.ask('identity.agents.list', { principal, query: { q: 'Übu' } });
      expect(umlaut.data.map(({ name }) => name)).toEqual(['Übung']);
      for (const cursor of ['bm9wZQ', encodeCursor(['agt\0']), encodeCursor([1])])
        expect(await codeOf(rig.ask('identity.agents.list', { principal, query: { cursor } }))).toBe('INVALID');
    });

    it('stops at once when suspended, works again when resumed, and goes with its tokens', async () => {
      const { token, id } = await issue();
      expect((await rig.ask('identity.agents.suspend', { principal, id: agent.id })).suspended).toBe(true);
      expect(await rig.principalOf(token)).toBeNull();
      expect((await rig.ask('identity.agents.resume', { principal, id: agent.id })).suspended).toBe(false);
      expect(await rig.principalOf(token)).not.toBeNull();
      await rig.ask('identity.agents.delete', { principal, id: agent.id });
      expect(await rig.principalOf(token)).toBeNull();
      expect(await codeOf(rig.ask('identity.agents.get', { principal, id: agent.id }))).toBe('NOT_FOUND');
      expect((await rig.facts()).at(-1)).toMatchObject({
        type: 'identity.changed',
        payload: { version: 3, revoked: { agent_ids: [agent.id], token_ids: [id] } },
      });
    });
  });

  describe('a shell token', () => {
    it('is shown once and stored as a hash', async () => {
      const issued = await issue();
      expect(issued.token).toMatch(/^shell_[0-9a-f]{32}$/);
      expect(issued.hint).toBe(issued.token.slice(0, 10));
      const seen = await rig.ask('identity.agents.get', { principal, id: agent.id });
      const { token, ...shown } = issued;
      expect(seen.tokens).toEqual([shown]);
      expect(JSON.stringify([seen, await rig.facts(), rig.log])).not.toContain(token);
    });

    it('carries its scope', async () => {
      const scope = { targets: ['web-1'], shells: ['bash' as const], kinds: ['command' as const] };
      const { token, id } = await issue(scope);
      expect(await rig.principalOf(token)).toMatchObject({ ...scope, token_id: id, id: agent.id, name: 'deploy' });
    });

    it('ends when it says', async () => {
      const now = rig.clock.now();
      const { token } = await issue({ expires_at: new Date(now + 120_000).toISOString() });
      const answer = await rig.ask('identity.authenticate', { credential: token });
      expect(Date.parse(answer.expires_at ?? '')).toBe(now + 120_000);
      rig.clock.advance(120_000);
      expect(await rig.principalOf(token)).toBeNull();
      expect(await codeOf(issue({ expires_at: new Date(now).toISOString() }))).toBe('INVALID');
    });

    it('has no end unless it says so', async () => {
      const { token } = await issue();
      expect((await rig.ask('identity.authenticate', { credential: token })).expires_at).toBeNull();
    });

    it('is revoked for good', async () => {
      const { token, id } = await issue();
      await rig.ask('identity.tokens.revoke', { principal, agent_id: agent.id, id });
      expect(await rig.principalOf(token)).toBeNull();
      expect((await rig.facts()).slice(-2)).toMatchObject([
        { type: 'token.revoked', payload: { subject: { id }, data: { fields: { agent_id: agent.id } } } },
        { type: 'identity.changed', payload: { revoked: { token_ids: [id] } } },
      ]);
    });

    it('tells when it was last used, without a write per call', async () => {
      const { token } = await issue();
      await rig.principalOf(token);
      const before = await rig.ask('identity.agents.get', { principal, id: agent.id });
      expect(before.tokens[0]?.last_used_at).toBeNull();
      await rig.application.get(LastUsedRecorder).flush();
      const after = await rig.ask('identity.agents.get', { principal, id: agent.id });
      expect(after.tokens[0]?.last_used_at).toBe(new Date(rig.clock.now()).toISOString());
      expect(after.last_seen_at).toBe(after.tokens[0]?.last_used_at);
    });

    it('is nobody when malformed, and the service does not mind', async () => {
      for (const credential of [
        '',
        'shell_',
        'shell_XYZ',
        '\0',
        'a.b.c',
        '..',
        `shell_${'0'.repeat(32)}`,
        '💥'.repeat(900),
      ]) {
        expect(await rig.principalOf(credential)).toBeNull();
      }
      expect(rig.log.filter((line) => line.includes('INTERNAL'))).toEqual([]);
    });
  });
});
