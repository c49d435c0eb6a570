import type { Approval, EventPayload, Remember } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { type Fact, fact, timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { approvalOf, closedPayload } from './approval-fixtures.contract-test.js';
import { ApprovalClosedConsumer } from './events/approval-closed-consumer.js';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeEach(async () => {
    stage = await openPolicyStage(databases);
  });

  afterEach(() => stage.close());

  const org = newId('org');
  const reviewer = person(org);
  const global = { type: 'global' } as const;

  function held(command: string, more: Partial<Approval> = {}): Approval {
    const approval = approvalOf(command, stage.clock.now(), more);
    stage.approvals.set(approval.id, approval);
    return approval;
  }

  const check = (approval: Approval, remember: Remember, effect: 'allow' | 'deny' = 'allow', principal = reviewer) =>
    stage.rpc.ask('policy.rules.check_remember', { principal, remember, effect, approval_id: approval.id });

  type Closing = Parameters<typeof closedPayload>[1];

  async function close(approval: Approval, closing: Closing, eventId?: string): Promise<void> {
    const payload: EventPayload<'approval.closed'> = closedPayload(approval, closing);
    const event = fact('approval.closed', org, approval.id, stage.clock.now(), payload);
    await stage.bus.publish([eventId === undefined ? event : { ...event, id: eventId }]);
  }

  const rules = async () => (await stage.rpc.ask('policy.rules.list', { principal: reviewer, query: {} })).data;

  const seen = async (type: string, count = 1) => {
    await eventually(async () => {
      await stage.flush();
      return stage.events.filter((event) => event.type === type).length >= count;
    }, type);
    return stage.events.filter((event) => event.type === type);
  };

  describe('what a vote may remember', () => {
    it('is the exact text, or a pattern that covers it', async () => {
      const approval = held('docker logs web1');
      await check(approval, { pattern_type: 'exact', pattern: 'docker logs web1', scope: global });
      await check(approval, { pattern_type: 'glob', pattern: 'docker logs *', scope: global });
      await check(approval, { pattern_type: 'regex', pattern: 'docker logs web[0-9]+', scope: global });
      await check(approval, { pattern_type: 'glob', pattern: 'docker **', scope: global }, 'deny');
    });

    it('may be a part of a longer line', async () => {
      await check(held('cd /srv && docker logs web1'), {
        pattern_type: 'glob',
        pattern: 'docker logs *',
        scope: global,
      });
    });

    it.each([
      ['another text', { pattern_type: 'exact', pattern: 'docker logs web2', scope: global }],
      ['a pattern for something else', { pattern_type: 'glob', pattern: 'rm -rf *', scope: global }],
      ['a pattern that cannot be read', { pattern_type: 'regex', pattern: '(', scope: global }],
      [
        'a target that does not exist',
        { pattern_type: 'exact', pattern: 'docker logs web1', scope: { type: 'target', id: newId('tgt') } },
      ],
      [
        'a session where there is none',
        { pattern_type: 'exact', pattern: 'docker logs web1', scope: global, session_only: true },
      ],
    ] satisfies [string, Remember][])('is not %s', async (_what, remember) => {
      const approval = held('docker logs web1', { session_id: null });
      await expect(check(approval, remember)).rejects.toMatchObject({
        code: 'RULE_INVALID',
        fields: [{ path: expect.stringMatching(/^remember\./) }],
      });
    });

    it('is nothing at all for a line that is not understood, even to deny it', async () => {
      const approval = held('echo "');
      const exact: Remember = { pattern_type: 'exact', pattern: 'echo "', scope: global };
      await expect(check(approval, exact)).rejects.toMatchObject({ code: 'RULE_INVALID' });
      await expect(check(approval, exact, 'deny')).rejects.toMatchObject({ code: 'RULE_INVALID' });
    });

    it('follows what the org settled for lines whose effect can change', async () => {
      const approval = held('cat "$FILE"', { session_id: newId('ses') });
      const exact: Remember = { pattern_type: 'exact', pattern: 'cat "$FILE"', scope: global };
      const forSession: Remember = { ...exact, session_only: true };
      await expect(check(approval, exact)).rejects.toThrow(/one session only/);
      await check(approval, forSession);
      stage.settings.remember_dynamic = 'never';
      await expect(check(approval, forSession)).rejects.toThrow(/does not remember/);
      stage.settings.remember_dynamic = 'yes';
      await check(approval, exact);
    });

    it('needs the permission to write rules, and an approval that the voter can see', async () => {
      const remember: Remember = { pattern_type: 'exact', pattern: 'uptime', scope: global };
      const auditor = person(org, { roles: ['auditor'], permissions: ['approvals:read'] });
      await expect(check(held('uptime'), remember, 'allow', auditor)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(check(approvalOf('uptime', 0), remember)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('is bound to a target only where the request was for it', async () => {
      const { id, name } = await stage.rpc.ask('policy.targets.create', {
        principal: reviewer,
        target: { name: 'web1' },
      });
      const remember: Remember = { pattern_type: 'exact', pattern: 'uptime', scope: { type: 'target', id } };
      await check(held('uptime', { target: name }), remember);
      await expect(check(held('uptime', { target: null }), remember)).rejects.toMatchObject({ code: 'RULE_INVALID' });
    });
  });

  describe('a closed approval', () => {
    const exact = (pattern: string, more: Partial<Remember> = {}): Remember => ({
      pattern_type: 'exact',
      pattern,
      scope: global,
      ...more,
    });

    it('makes the rule that its deciding vote asked for, in the name of the voter', async () => {
      const approval = held('docker logs web1');
      const strength = { approvers: 2, roles: ['owner', 'reviewer'], groups: ['sre'] };
      await close(approval, { remember: exact('docker logs web1', { ttl_seconds: 3_600 }), by: reviewer, strength });
      const [created] = await seen('rule.created');
      expect(created?.payload).toMatchObject({ data: { fields: { approval_id: approval.id } } });
      expect(await rules()).toMatchObject([
        {
          effect: 'allow',
          pattern: 'docker logs web1',
          shell: 'bash',
          cwd: null,
          created_by: { id: reviewer.id, name: reviewer.name },
          approved_for: strength,
          expires_at: timestamp(stage.clock.now() + 3_600_000),
        },
      ]);
    });

    it('makes a deny rule for every shell, and a session rule for its session alone', async () => {
      const sessionId = newId('ses');
      const one = held('rm -rf /srv', { session_id: sessionId });
      await close(one, { remember: exact('rm -rf /srv'), by: reviewer, effect: 'deny' });
      const two = held('uptime', { session_id: sessionId });
      await close(two, { remember: exact('uptime', { session_only: true }), by: reviewer });
      await seen('rule.created', 2);
      expect(await rules()).toMatchObject([
        { effect: 'allow', shell: 'bash', session_id: sessionId, agent_id: two.agent.id },
        { effect: 'deny', shell: null, session_id: null, agent_id: null },
      ]);
    });

    it('binds the working directory where a relative path decides what runs', async () => {
      stage.settings.remember_dynamic = 'yes';
      await close(held('./deploy.sh', { cwd: '/srv/app' }), { remember: exact('./deploy.sh'), by: reviewer });
      await seen('rule.created');
      expect(await rules()).toMatchObject([{ pattern: './deploy.sh', cwd: '/srv/app' }]);
    });

    it.each(['make test', 'npm test', 'docker compose up -d', './deploy.sh'])(
      'binds the folder where what runs is found through it, and makes no rule where that is unknown: %s',
      async (line) => {
        stage.settings.remember_dynamic = 'yes';
        const remember = exact(line);
        await expect(check(held(line, { cwd: null }), remember)).rejects.toMatchObject({
          code: 'RULE_INVALID',
          fields: [{ path: 'remember', message: expect.stringMatching(/depends on the working directory/) }],
        });
        await close(held(line, { cwd: '/srv/app' }), { remember, by: reviewer });
        await seen('rule.created');
        expect(await rules()).toMatchObject([{ pattern: line, cwd: '/srv/app' }]);
      },
    );

    it('makes one rule however often the event is delivered', async () => {
      const approval = held('uptime');
      const eventId = newId('evt');
      await close(approval, { remember: exact('uptime'), by: reviewer }, eventId);
      await seen('rule.created');
      const [rule] = await rules();
      await stage.rpc.ask('policy.rules.delete', { principal: reviewer, id: rule?.id ?? '' });
      const payload = closedPayload(approval, { remember: exact('uptime'), by: reviewer });
      const redelivered = { ...fact('approval.closed', org, approval.id, stage.clock.now(), payload), id: eventId };
      await stage.app.get(ApprovalClosedConsumer).onApprovalClosed(redelivered as Fact<'approval.closed'>);
      expect(await rules()).toEqual([]);
    });

    it('says why there is no rule when it cannot be made any more', async () => {
      const target = await stage.rpc.ask('policy.targets.create', { principal: reviewer, target: { name: 'web1' } });
      const approval = held('uptime', { target: 'web1' });
      const remember = exact('uptime', { scope: { type: 'target', id: target.id } });
      await check(approval, remember);
      await stage.rpc.ask('policy.targets.delete', { principal: reviewer, id: target.id });
      await close(approval, { remember, by: reviewer });
      const [refused] = await seen('rule.refused');
      expect(refused?.payload).toMatchObject({
        actor: { kind: 'user', id: reviewer.id },
        subject: { type: 'approval', id: approval.id },
        data: { fields: { reason: expect.stringContaining('names no target') } },
      });
      expect(await rules()).toEqual([]);
    });

    it('makes a rule that is there already last longer, and leaves it alone when it lasts long enough', async () => {
      await close(held('uptime'), { remember: exact('uptime', { ttl_seconds: 60 }), by: reviewer });
      await seen('rule.created');
      await close(held('uptime'), { remember: exact('uptime'), by: reviewer });
      await seen('rule.updated');
      expect(await rules()).toMatchObject([{ expires_at: null }]);
      await close(held('uptime'), { remember: exact('uptime', { ttl_seconds: 60 }), by: reviewer });
      await seen('rule.refused');
      expect(await rules()).toMatchObject([{ expires_at: null }]);
    });

    it('can make a rule again after the first one has expired', async () => {
      await close(held('uptime'), { remember: exact('uptime', { ttl_seconds: 60 }), by: reviewer });
      await seen('rule.created');
      stage.clock.advance(61_000);
      await close(held('uptime'), { remember: exact('uptime', { ttl_seconds: 60 }), by: reviewer });
      await seen('rule.created', 2);
      expect(await rules()).toHaveLength(2);
    });

    it('remembers a tool call with its very arguments', async () => {
      const text = '{"arguments":{"path":"/etc/hosts"},"tool":"read_file"}';
      await close(held(text, { kind: 'tool_call' }), { remember: exact(text), by: reviewer });
      await seen('rule.created');
      expect(await rules()).toMatchObject([
        { kind: 'tool_call', pattern: 'read_file', matchers: [{ pointer: '', equals: { path: '/etc/hosts' } }] },
      ]);
    });

    it('remembers a file transfer with its direction', async () => {
      const text = '{"direction":"upload","paths":["/srv/a.txt"]}';
      await close(held(text, { kind: 'file_transfer' }), { remember: exact(text), by: reviewer });
      await seen('rule.created');
      expect(await rules()).toMatchObject([{ kind: 'file_transfer', pattern: '/srv/a.txt', direction: 'upload' }]);
    });
  });

  describe('a session that ends', () => {
    it('takes the rules that were made for it along', async () => {
      const sessionId = newId('ses');
      const approval = held('uptime', { session_id: sessionId });
      const remember: Remember = { pattern_type: 'exact', pattern: 'uptime', scope: global, session_only: true };
      await close(approval, { remember, by: reviewer });
      await seen('rule.created');
      const actor = { kind: 'agent' as const, id: approval.agent.id, name: approval.agent.name };
      const subject = { type: 'session', id: sessionId };
      await stage.bus.publish([
        fact('session.ended', org, sessionId, stage.clock.now(), { actor, subject, data: { session_id: sessionId } }),
      ]);
      await seen('rule.updated');
      const snapshot = await stage.rpc.ask('policy.snapshot', { org, since: null });
      expect(snapshot).toMatchObject({ type: 'full', rules: [] });
    });
  });
});
