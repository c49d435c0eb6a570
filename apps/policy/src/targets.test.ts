import { newId } from '@expacti/persistence';
import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeEach(async () => {
    stage = await openPolicyStage(databases);
  });

  afterEach(() => stage.close());

  const org = newId('org');
  const principal = person(org);
  const scoped = (type: 'target' | 'group', id: string) => ({
    principal,
    rule: {
      effect: 'allow' as const,
      pattern_type: 'glob' as const,
      pattern: 'docker logs *',
      scope: { type, id },
      expires_at: '2026-01-02T00:00:00.000Z',
    },
  });

  describe('targets', () => {
    it('are kept with their groups, and the groups know their targets', async () => {
      const group = await stage.rpc.ask('policy.groups.create', { principal, group: { name: 'production' } });
      const target = await stage.rpc.ask('policy.targets.create', {
        principal,
        target: { name: 'web1', shell: 'sh', production: true, group_ids: [group.id, group.id] },
      });
      expect(target).toMatchObject({
        name: 'web1',
        shell: 'sh',
        production: true,
        group_ids: [group.id],
        description: null,
      });
      expect(await stage.rpc.ask('policy.targets.get', { principal, id: target.id })).toEqual(target);
      const { target_ids } = await stage.rpc.ask('policy.groups.get', { principal, id: group.id });
      expect(target_ids).toEqual([target.id]);
      const snapshot = await stage.rpc.ask('policy.snapshot', { org, since: null });
      const { id, name, shell, production, group_ids } = target;
      expect(snapshot.targets).toEqual([{ id, name, shell, production, group_ids }]);
    });

    it('change field by field, and tell the bus', async () => {
      const { id } = await stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web1', shell: 'sh' } });
      const changed = await stage.rpc.ask('policy.targets.update', {
        principal,
        id,
        change: { shell: null, description: 'old' },
      });
      expect(changed).toMatchObject({ name: 'web1', shell: null, description: 'old' });
      await stage.rpc.ask('policy.targets.delete', { principal, id });
      const facts = () => stage.events.filter((event) => event.type.startsWith('target.'));
      await eventually(() => stage.flush().then(() => facts().length === 3), 'three facts');
      expect(facts().map(({ type, payload }) => ({ type, payload }))).toMatchObject([
        { type: 'target.created', payload: { subject: { type: 'target', id } } },
        { type: 'target.updated', payload: { data: { fields: { shell: { before: 'sh', after: null } } } } },
        { type: 'target.deleted', payload: { data: { fields: { name: 'web1' } } } },
      ]);
    });

    it('have names of their own within the org', async () => {
      const taken = { code: 'ALREADY_EXISTS' };
      await stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web1' } });
      const other = await stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web2' } });
      await expect(
        stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web1' } }),
      ).rejects.toMatchObject(taken);
      const rename = { principal, id: other.id, change: { name: 'web1' } };
      await expect(stage.rpc.ask('policy.targets.update', rename)).rejects.toMatchObject(taken);
      const group = await stage.rpc.ask('policy.groups.create', { principal, group: { name: 'all' } });
      await expect(stage.rpc.ask('policy.groups.create', { principal, group: { name: 'all' } })).rejects.toMatchObject(
        taken,
      );
      await stage.rpc.ask('policy.groups.update', { principal, id: group.id, change: { name: 'all' } });
      await stage.rpc.ask('policy.targets.create', { principal: person(newId('org')), target: { name: 'web1' } });
    });

    it('stay while a rule in force is bound to them', async () => {
      const inUse = { code: 'IN_USE' };
      const group = await stage.rpc.ask('policy.groups.create', { principal, group: { name: 'production' } });
      const target = await stage.rpc.ask('policy.targets.create', {
        principal,
        target: { name: 'web1', group_ids: [group.id] },
      });
      await stage.rpc.ask('policy.rules.create', scoped('target', target.id));
      const onGroup = await stage.rpc.ask('policy.rules.create', scoped('group', group.id));
      await expect(stage.rpc.ask('policy.targets.delete', { principal, id: target.id })).rejects.toMatchObject(inUse);
      await expect(stage.rpc.ask('policy.groups.delete', { principal, id: group.id })).rejects.toMatchObject(inUse);
      stage.clock.advance(2 * 86_400_000);
      await expect(stage.rpc.ask('policy.groups.delete', { principal, id: group.id })).rejects.toThrow(
        /one target is in it/,
      );
      await stage.rpc.ask('policy.targets.delete', { principal, id: target.id });
      await stage.rpc.ask('policy.groups.delete', { principal, id: group.id });
      // The rule has ended; it cannot come back into force without what it was bound to.
      const revive = { principal, id: onGroup.id, change: { expires_at: null } };
      await expect(stage.rpc.ask('policy.rules.update', revive)).rejects.toMatchObject({
        fields: [{ path: 'scope.id' }],
      });
    });

    it('refuse groups that are not there', async () => {
      const elsewhere = await stage.rpc.ask('policy.groups.create', {
        principal: person(newId('org')),
        group: { name: 'theirs' },
      });
      const target = { name: 'web1', group_ids: [elsewhere.id] };
      await expect(stage.rpc.ask('policy.targets.create', { principal, target })).rejects.toMatchObject({
        code: 'INVALID',
        fields: [{ path: 'group_ids' }],
      });
    });

    it('are listed newest first and found by name', async () => {
      for (const name of ['web1', 'web2', 'db1'])
        await stage.rpc.ask('policy.targets.create', { principal, target: { name } });
      const page = await stage.rpc.ask('policy.targets.list', { principal, query: { limit: 2 } });
      expect(page.data.map((target) => target.name)).toEqual(['db1', 'web2']);
      const rest = { limit: 2, cursor: page.next_cursor ?? '' };
      expect(await stage.rpc.ask('policy.targets.list', { principal, query: rest })).toMatchObject({
        data: [{ name: 'web1' }],
        next_cursor: null,
      });
      const found = await stage.rpc.ask('policy.targets.list', { principal, query: { q: 'WEB' } });
      expect(found.data.map((target) => target.name)).toEqual(['web2', 'web1']);
    });

    it('belong to their org alone', async () => {
      const stranger = person(newId('org'), { roles: ['owner'] });
      const notFound = { code: 'NOT_FOUND' };
      const group = await stage.rpc.ask('policy.groups.create', { principal, group: { name: 'production' } });
      const target = await stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web1' } });
      const [ofTarget, ofGroup] = [
        { principal: stranger, id: target.id },
        { principal: stranger, id: group.id },
      ];
      await expect(stage.rpc.ask('policy.targets.get', ofTarget)).rejects.toMatchObject(notFound);
      await expect(stage.rpc.ask('policy.targets.update', { ...ofTarget, change: {} })).rejects.toMatchObject(notFound);
      await expect(stage.rpc.ask('policy.targets.delete', ofTarget)).rejects.toMatchObject(notFound);
      await expect(stage.rpc.ask('policy.groups.get', ofGroup)).rejects.toMatchObject(notFound);
      await expect(stage.rpc.ask('policy.groups.update', { ...ofGroup, change: {} })).rejects.toMatchObject(notFound);
      await expect(stage.rpc.ask('policy.groups.delete', ofGroup)).rejects.toMatchObject(notFound);
      const empty = { data: [], next_cursor: null };
      expect(await stage.rpc.ask('policy.targets.list', { principal: stranger, query: {} })).toEqual(empty);
      expect(await stage.rpc.ask('policy.groups.list', { principal: stranger, query: {} })).toEqual(empty);
      const theirs = { ...scoped('target', target.id), principal: stranger };
      await expect(stage.rpc.ask('policy.rules.create', theirs)).rejects.toMatchObject({ code: 'RULE_INVALID' });
      const snapshot = await stage.rpc.ask('policy.snapshot', { org: stranger.org, since: null });
      expect(snapshot.targets).toEqual([]);
    });
  });
});
