import type { NewRule, RpcRequest, RuleChange } from '@expacti/contracts';
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
  const reviewer = person(org);
  const glob = (pattern: string, more: Partial<NewRule> = {}): NewRule => ({
    effect: 'allow',
    kind: 'command',
    pattern_type: 'glob',
    pattern,
    scope: { type: 'global' },
    ...more,
  });
  const create = (rule: NewRule, principal = reviewer) => stage.rpc.ask('policy.rules.create', { principal, rule });
  const change = (id: string, what: RuleChange, principal = reviewer) =>
    stage.rpc.ask('policy.rules.update', { principal, id, change: what });
  const remove = (id: string) => stage.rpc.ask('policy.rules.delete', { principal: reviewer, id });
  const list = (query: RpcRequest<'policy.rules.list'>['query']) =>
    stage.rpc.ask('policy.rules.list', { principal: reviewer, query });

  describe('rules', () => {
    it('are created with everything that was said and who said it', async () => {
      const rule = await create(glob('docker logs *', { note: 'reads only', expires_at: '2026-02-01T00:00:00.000Z' }));
      expect(rule).toMatchObject({
        effect: 'allow',
        kind: 'command',
        pattern: 'docker logs *',
        note: 'reads only',
        expires_at: '2026-02-01T00:00:00.000Z',
        created_by: { id: reviewer.id, name: reviewer.name },
        approved_for: { approvers: 1, roles: ['reviewer'], groups: [] },
        use_count: 0,
        last_used_at: null,
      });
      expect(await stage.rpc.ask('policy.rules.get', { principal: reviewer, id: rule.id })).toEqual(rule);
    });

    it('stand on whoever last changed what they say', async () => {
      const rule = await create(glob('docker logs *'));
      const editor = person(org);
      expect((await change(rule.id, { note: 'why' }, editor)).created_by.id).toBe(reviewer.id);
      const widened = await change(rule.id, { pattern: 'docker restart *' }, editor);
      expect(widened.created_by).toEqual({ id: editor.id, name: editor.name });
    });

    it('tell the bus what happened and the gateways that their snapshot is old', async () => {
      const rule = await create(glob('docker logs *'));
      await change(rule.id, { note: 'why' });
      await remove(rule.id);
      await eventually(() => stage.flush().then(() => stage.events.length === 6), 'six events');
      expect(stage.events.map(({ type, payload }) => ({ type, payload }))).toMatchObject([
        {
          type: 'rule.created',
          payload: {
            actor: { kind: 'user', id: reviewer.id },
            subject: { type: 'rule', id: rule.id },
            data: { fields: { pattern: 'docker logs *' } },
          },
        },
        { type: 'policy.changed', payload: { org, version: 1 } },
        { type: 'rule.updated', payload: { data: { fields: { note: { before: null, after: 'why' } } } } },
        { type: 'policy.changed', payload: { org, version: 2 } },
        { type: 'rule.deleted', payload: { data: { fields: { note: 'why' } } } },
        { type: 'policy.changed', payload: { org, version: 3 } },
      ]);
    });

    it.each<[string, Partial<NewRule>, string]>([
      ['an unclosed regex', { pattern_type: 'regex', pattern: '(' }, 'pattern'],
      ['an exact line that is not understood', { pattern_type: 'exact', pattern: 'echo "' }, 'pattern'],
      ['a wildcard for the program', { pattern: '* logs' }, 'pattern'],
      ['an end in the past', { expires_at: '2020-01-01T00:00:00.000Z' }, 'expires_at'],
      [
        'an example that it does not match',
        { examples: { matches: ['rm x'], does_not_match: [] } },
        'examples.matches.0',
      ],
      ['a target that is not there', { scope: { type: 'target', id: newId('tgt') } }, 'scope.id'],
      ['an exact line whose effect can change', { pattern_type: 'exact', pattern: 'cat $FILE' }, 'pattern'],
    ])('are refused with the field that is wrong: %s', async (_what, wrong, path) => {
      await expect(create(glob('docker logs *', wrong))).rejects.toMatchObject({
        code: 'RULE_INVALID',
        fields: [{ path }],
      });
    });

    it('are not made twice word for word, whatever note or end they have', async () => {
      const first = await create(glob('docker logs *'));
      const again = create(glob('docker logs *', { note: 'again', expires_at: '2027-01-01T00:00:00.000Z' }));
      await expect(again).rejects.toMatchObject({ code: 'ALREADY_EXISTS', detail: expect.stringContaining(first.id) });
      await create(glob('docker logs *', { shadow: true }));
      await create(glob('docker logs *', { shell: 'sh' }));
      const other = await create(glob('docker ps'));
      await expect(change(other.id, { pattern: 'docker logs *' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    });

    it('change field by field, and stand on whoever changed what they say', async () => {
      const rule = await create(glob('docker logs *'), person(org, { roles: ['owner'], groups: ['sre'] }));
      const noted = await change(rule.id, { note: 'reads only' });
      expect(noted.approved_for).toEqual({ approvers: 1, roles: ['owner'], groups: ['sre'] });
      const wider = await change(rule.id, { pattern: 'docker logs * *' });
      expect(wider).toMatchObject({ pattern: 'docker logs * *', note: 'reads only' });
      expect(wider.approved_for).toEqual({ approvers: 1, roles: ['reviewer'], groups: [] });
      expect((await change(rule.id, { note: null })).note).toBeNull();
    });

    it('are checked anew when they change', async () => {
      const { id } = await create(glob('docker logs *'));
      await expect(change(id, { pattern_type: 'regex', pattern: '(' })).rejects.toMatchObject({ code: 'RULE_INVALID' });
      await expect(change(id, { kind: 'file_transfer', direction: 'upload', pattern: 'x' })).rejects.toMatchObject({
        code: 'RULE_INVALID',
      });
    });

    it('are listed newest first, page by page, without gap or repeat', async () => {
      const made: string[] = [];
      for (let count = 0; count < 7; count += 1) made.unshift((await create(glob(`docker logs web${count}`))).id);
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        if (found.length === 3) await create(glob('docker logs arriving-meanwhile'));
        found.push(...page.data.map((rule) => rule.id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      expect(found).toEqual(made);
      await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({
        code: 'INVALID',
        fields: [{ path: 'cursor' }],
      });
    });

    it('are found by what they say', async () => {
      await create(glob('docker logs *'));
      await create(glob('rm **', { effect: 'deny', note: '100% destructive' }));
      await create(glob('read_*', { kind: 'tool_call' }));
      await create({ ...glob('ls'), pattern_type: 'exact' });
      const patterns = async (query: Parameters<typeof list>[0]) =>
        (await list(query)).data.map((rule) => rule.pattern);
      expect(await patterns({ effect: 'deny' })).toEqual(['rm **']);
      expect(await patterns({ kind: 'tool_call' })).toEqual(['read_*']);
      expect(await patterns({ pattern_type: 'exact' })).toEqual(['ls']);
      expect(await patterns({ q: 'DOCKER' })).toEqual(['docker logs *']);
      expect(await patterns({ q: '100%' })).toEqual(['rm **']);
      expect(await patterns({ q: '_' })).toEqual(['read_*']);
      expect(await patterns({ q: "'; DROP TABLE policy_rules; --" })).toEqual([]);
    });

    it('stay in the list when they have ended, and make room for the same rule again', async () => {
      const short = { expires_at: '2026-01-01T00:01:00.000Z' };
      const first = await create(glob('docker logs *', short));
      stage.clock.advance(60_000);
      const second = await create(glob('docker logs *'));
      expect((await list({})).data.map((rule) => rule.id)).toEqual([second.id, first.id]);
      await expect(change(first.id, { expires_at: null })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      await remove(second.id);
      expect(await change(first.id, { expires_at: null })).toMatchObject({ id: first.id, expires_at: null });
    });

    it('belong to their org alone', async () => {
      const rule = await create(glob('docker logs *'));
      const principal = person(newId('org'), { roles: ['owner'] });
      const { id } = rule;
      const notFound = { code: 'NOT_FOUND' };
      await expect(stage.rpc.ask('policy.rules.get', { principal, id })).rejects.toMatchObject(notFound);
      const update = { principal, id, change: { note: 'mine' } };
      await expect(stage.rpc.ask('policy.rules.update', update)).rejects.toMatchObject(notFound);
      await expect(stage.rpc.ask('policy.rules.delete', { principal, id })).rejects.toMatchObject(notFound);
      expect(await stage.rpc.ask('policy.rules.list', { principal, query: {} })).toEqual({
        data: [],
        next_cursor: null,
      });
      expect(await stage.rpc.ask('policy.rules.export', { principal })).toEqual({ rules: [] });
      expect(await stage.rpc.ask('policy.snapshot', { org: principal.org, since: null })).toMatchObject({
        version: 0,
        rules: [],
      });
      await create(glob('docker logs *'), principal);
      expect(await stage.rpc.ask('policy.rules.get', { principal: reviewer, id })).toEqual(rule);
    });
  });
});
