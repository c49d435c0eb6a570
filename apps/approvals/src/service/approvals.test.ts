import type { Approval, Command } from '@expacti/contracts';
import { sha256Hex } from '@expacti/crypto';
import { newId } from '@expacti/persistence';
import { submissionFingerprint } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRig, codeOf } from '../../test/approvals-rig.js';
import { agent, ballot, edited, held, ORG, OTHER_ORG, requirement, reviewer } from '../../test/fixtures.js';
import { KeyRow } from '../storage/key-row.js';
import { KEY_RETENTION_MS } from '../storage/key-store.js';

onEachDatabase((databases) => {
  let rig: ApprovalsRig;

  beforeEach(async () => {
    rig = await new ApprovalsRig(databases).start();
  });

  afterEach(async () => {
    expect(rig.failures).toEqual([]);
    await rig.remove();
  });

  const bot = agent();
  const rita = reviewer();
  const tom = reviewer({ name: 'Tom Two' });

  async function submit(
    more: Parameters<typeof held>[1] = {},
    principal = bot,
  ): Promise<{ command: Command; approval: Approval }> {
    const { command, approval } = await rig.ask('approvals.submit', { principal, held: held(undefined, more) });
    if (approval === null) throw new Error('not held');
    return { command, approval };
  }

  const get = (id: string) => rig.ask('approvals.get', { principal: rita, id });

  describe('submitting', () => {
    it('opens a request and tells everybody in one transaction', async () => {
      const { command, approval } = await submit();
      expect(command).toMatchObject({ status: 'pending', approval_id: approval.id, decision: null });
      expect(approval).toMatchObject({ version: 1, status: 'pending', command: 'systemctl restart web', votes: [] });
      expect(approval.requirement.missing).toEqual({ approvers: 1, roles: [], groups: [] });
      expect(Date.parse(approval.deadline_at)).toBe(rig.clock.now() + 60_000);
      const facts = await rig.facts();
      expect(facts.map(({ type, key }) => [type, key])).toEqual([
        ['command.submitted', command.id],
        ['approval.requested', command.id],
      ]);
    });

    it('gives back the same command for the same key and content', async () => {
      const submission = { kind: 'command' as const, command: 'systemctl restart web', idempotency_key: 'k1' };
      const first = await rig.ask('approvals.submit', { principal: bot, held: held(undefined, { submission }) });
      const again = await rig.ask('approvals.submit', { principal: bot, held: held(undefined, { submission }) });
      expect(again).toEqual({ ...first, repeated: true });
      expect(await rig.factTypes()).toHaveLength(2);
    });

    it('refuses a key that stands for something else, and keeps keys of agents apart', async () => {
      const keyed = (text: string) =>
        held(text, { submission: { kind: 'command', command: text, idempotency_key: 'k1' } });
      await rig.ask('approvals.submit', { principal: bot, held: keyed('one') });
      expect(await codeOf(rig.ask('approvals.submit', { principal: bot, held: keyed('two') }))).toBe(
        'IDEMPOTENCY_CLASH',
      );
      const other = await rig.ask('approvals.submit', { principal: agent(), held: keyed('two') });
      expect(other.repeated).toBe(false);
    });

    it('opens one request when the same key comes many times at once', async () => {
      const submission = { kind: 'command' as const, command: 'systemctl restart web', idempotency_key: 'k1' };
      const all = await Promise.all(
        Array.from({ length: 8 }, () =>
          rig.ask('approvals.submit', { principal: bot, held: held(undefined, { submission }) }),
        ),
      );
      expect(new Set(all.map(({ command }) => command.id)).size).toBe(1);
      expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1);
    });

    it('answers the retry of a lost answer with the same command', async () => {
      const once = held();
      const first = await rig.ask('approvals.submit', { principal: bot, held: once });
      const again = await rig.ask('approvals.submit', { principal: bot, held: once });
      expect(again).toEqual({ ...first, repeated: true });
      const other = { ...held('other'), command_id: once.command_id };
      expect(await codeOf(rig.ask('approvals.submit', { principal: bot, held: other }))).toBe('IDEMPOTENCY_CLASH');
      expect(await codeOf(rig.ask('approvals.submit', { principal: agent(), held: once }))).toBe('IDEMPOTENCY_CLASH');
    });

    it('lets no agent flood the queue', async () => {
      await submit({ pending_limit: 2 });
      const { approval } = await submit({ pending_limit: 2 });
      expect(await codeOf(submit({ pending_limit: 2 }))).toBe('TOO_MANY_PENDING');
      await submit({ pending_limit: 2 }, agent());
      await rig.ask('approvals.vote', ballot(rita, approval, { verb: 'deny' }));
      await submit({ pending_limit: 2 });
    });

    it('refuses a hash that is not of the text', async () => {
      expect(await codeOf(submit({ text_sha256: sha256Hex('another') }))).toBe('INVALID');
      expect(await rig.factTypes()).toEqual([]);
    });
  });

  describe('an idempotency key of a command that a rule decides', () => {
    async function decided(more: { key?: string; fingerprint?: string } = {}) {
      const { command } = await submit();
      const {
        status: _s,
        decision: _d,
        started_at: _a,
        result: _r,
        requirement: _q,
        deadline_at: _l,
        ...record
      } = command;
      const id = newId('cmd');
      const decision = {
        outcome: 'allowed' as const,
        source: 'rule' as const,
        command: record.command,
        edited: false,
        shell: record.shell,
        cwd: null,
        target: null,
        reviewers: [],
        risk: record.risk,
        decided_at: record.created_at,
      };
      return {
        id,
        request: {
          principal: bot,
          key: 'k',
          fingerprint: sha256Hex('a'),
          ...more,
          decided: {
            actor: { kind: 'agent' as const, id: bot.id, name: bot.name },
            subject: { type: 'command', id },
            data: { command: { ...record, id, approval_id: null }, decision, receipt: null, shadow_rule_ids: [] },
          },
        },
      };
    }

    it('is claimed together with the decision, once', async () => {
      const first = await decided();
      const second = await decided();
      expect(await rig.ask('approvals.claim_key', first.request)).toEqual({ command_id: first.id });
      expect(await rig.ask('approvals.claim_key', second.request)).toEqual({ command_id: first.id });
      expect(await rig.ask('approvals.claim_key', first.request)).toEqual({ command_id: first.id });
      expect((await rig.facts('command.decided')).map(({ key }) => key)).toEqual([first.id]);
      const clash = await decided({ fingerprint: sha256Hex('b') });
      expect(await codeOf(rig.ask('approvals.claim_key', clash.request))).toBe('IDEMPOTENCY_CLASH');
    });

    it('is not claimed for somebody else', async () => {
      const { request } = await decided();
      expect(await codeOf(rig.ask('approvals.claim_key', { ...request, principal: agent() }))).toBe('NOT_FOUND');
      expect(await rig.facts('command.decided')).toEqual([]);
    });

    it('leads a later submission to that command, from the history', async () => {
      const submission = { kind: 'command' as const, command: 'systemctl restart web', idempotency_key: 'k' };
      const first = held(undefined, { submission });
      const fingerprint = submissionFingerprint({
        kind: 'command',
        text: first.text,
        shell: 'bash',
        cwd: null,
        target: null,
      });
      const { id, request } = await decided({ fingerprint });
      await rig.ask('approvals.claim_key', request);
      expect(await codeOf(rig.ask('approvals.submit', { principal: bot, held: first }))).toBe('UNAVAILABLE');
      const { data } = request.decided;
      rig.history.set(id, {
        ...data.command,
        status: 'allowed',
        decision: data.decision,
        started_at: null,
        result: null,
      });
      const repeated = await rig.ask('approvals.submit', { principal: bot, held: first });
      expect(repeated).toMatchObject({ repeated: true, approval: null, command: { id, status: 'allowed' } });
    });

    it('is forgotten after its time', async () => {
      const { request } = await decided();
      await rig.ask('approvals.claim_key', request);
      rig.clock.advance(KEY_RETENTION_MS + 1);
      await eventually(async () => {
        rig.clock.advance(5_000);
        return (await rig.database.read((manager) => manager.count(KeyRow))) === 0;
      });
    });
  });

  describe('voting', () => {
    it('allows with one approval, and says who and why', async () => {
      const { approval, command } = await submit();
      const voted = await rig.ask('approvals.vote', ballot(rita, approval, { reason: 'planned' }));
      expect(voted).toMatchObject({ status: 'allowed', close_reason: 'reviewer' });
      const after = await rig.ask('approvals.command', { principal: bot, id: command.id });
      expect(after?.decision).toMatchObject({
        outcome: 'allowed',
        source: 'reviewer',
        command: 'systemctl restart web',
        edited: false,
        reason: 'planned',
        reviewers: [{ id: rita.id, name: rita.name }],
      });
      expect((await rig.factTypes()).slice(2)).toEqual(['approval.voted', 'approval.closed']);
    });

    it('refuses a vote for another version, another text, and on what is closed', async () => {
      const { approval } = await submit();
      expect(await codeOf(rig.ask('approvals.vote', ballot(rita, approval, { version: 2 })))).toBe('STALE_VERSION');
      const other = { command_sha256: sha256Hex('other') };
      expect(await codeOf(rig.ask('approvals.vote', ballot(rita, approval, other)))).toBe('TEXT_MISMATCH');
      await rig.ask('approvals.vote', ballot(rita, approval, { verb: 'deny' }));
      expect(await codeOf(rig.ask('approvals.vote', ballot(tom, approval)))).toBe('ALREADY_CLOSED');
      expect(await get(approval.id)).toMatchObject({ status: 'denied' });
    });

    it('lets exactly one of two contrary votes at once win', async () => {
      const { approval } = await submit();
      const codes = await Promise.all([
        codeOf(rig.ask('approvals.vote', ballot(rita, approval))),
        codeOf(rig.ask('approvals.vote', ballot(tom, approval, { verb: 'deny' }))),
      ]);
      expect(codes.sort()).toEqual(['ALREADY_CLOSED', 'no error']);
      expect(await rig.facts('approval.closed')).toHaveLength(1);
    });

    it('counts two approvals at once for a request that needs two', async () => {
      const { approval } = await submit({ requirement: requirement({ require_n_approvers: 2 }) });
      const [one, two] = await Promise.all([
        rig.ask('approvals.vote', ballot(rita, approval)),
        rig.ask('approvals.vote', ballot(tom, approval)),
      ]);
      expect([one?.status, two?.status].sort()).toEqual(['allowed', 'pending']);
      expect((await get(approval.id)).status).toBe('allowed');
      expect((await rig.factTypes()).slice(2)).toEqual([
        'approval.voted',
        'approval.updated',
        'approval.voted',
        'approval.closed',
      ]);
    });

    it('counts one person once', async () => {
      const { approval } = await submit({ requirement: requirement({ require_n_approvers: 2 }) });
      await rig.ask('approvals.vote', ballot(rita, approval));
      expect(await codeOf(rig.ask('approvals.vote', ballot(rita, approval)))).toBe('ALREADY_VOTED');
      const current = await get(approval.id);
      expect(current.requirement.missing).toEqual({ approvers: 1, roles: [], groups: [] });
      expect(current.version).toBe(1);
    });

    it('lets whoever approved think better of it', async () => {
      const { approval } = await submit({ requirement: requirement({ require_n_approvers: 2 }) });
      await rig.ask('approvals.vote', ballot(rita, approval));
      const closed = await rig.ask('approvals.vote', ballot(rita, approval, { verb: 'deny', reason: 'wrong host' }));
      expect([closed.status, closed.close_reason]).toEqual(['denied', 'reviewer']);
    });

    it('needs the permission to decide, and for a rule the permission to make rules', async () => {
      const { approval } = await submit();
      const auditor = reviewer({ permissions: ['approvals:read'] });
      expect(await codeOf(rig.ask('approvals.vote', ballot(auditor, approval)))).toBe('FORBIDDEN');
      const remember = {
        pattern_type: 'exact' as const,
        pattern: approval.command,
        scope: { type: 'global' as const },
      };
      const noRules = reviewer({ permissions: ['approvals:decide'] });
      expect(await codeOf(rig.ask('approvals.vote', ballot(noRules, approval, { remember })))).toBe('FORBIDDEN');
    });

    it('lets the owner of an agent deny but not approve, unless the org has opted in', async () => {
      const own = agent({ owner_id: rita.id });
      const first = await submit({}, own);
      expect(await codeOf(rig.ask('approvals.vote', ballot(rita, first.approval)))).toBe('OWN_AGENT');
      expect((await rig.ask('approvals.vote', ballot(rita, first.approval, { verb: 'deny' }))).status).toBe('denied');
      const second = await submit({ one_person_approval: true }, own);
      expect((await rig.ask('approvals.vote', ballot(rita, second.approval))).status).toBe('allowed');
    });

    it('makes a new version of an edit, under its own judgement, and voids earlier votes', async () => {
      const two = requirement({ require_n_approvers: 2 });
      const { approval, command } = await submit({ requirement: two });
      await rig.ask('approvals.vote', ballot(rita, approval));
      const text = 'systemctl reload web';
      const change = ballot(tom, approval, { edited: edited(text, { requirement: two }) });
      const after = await rig.ask('approvals.vote', change);
      expect(after).toMatchObject({
        status: 'pending',
        version: 2,
        command: text,
        command_sha256: sha256Hex(text),
        original_command: approval.command,
      });
      expect(after.votes.map((vote) => [vote.voter.id, vote.void, vote.version])).toEqual([
        [rita.id, true, 1],
        [tom.id, false, 2],
      ]);
      expect(await codeOf(rig.ask('approvals.vote', ballot(rita, approval)))).toBe('STALE_VERSION');
      const closed = await rig.ask('approvals.vote', ballot(rita, after));
      expect(closed.status).toBe('allowed');
      const decided = await rig.ask('approvals.command', { principal: bot, id: command.id });
      expect(decided).toMatchObject({ command: approval.command, decision: { command: text, edited: true } });
    });

    it('refuses an edit whose hash is another text’s, an edit of a tool call, and an edit that denies', async () => {
      const { approval } = await submit();
      const vote = (more: Parameters<typeof ballot>[2]) =>
        codeOf(rig.ask('approvals.vote', ballot(rita, approval, more)));
      expect(await vote({ edited: edited('x', { sha256: sha256Hex('y') }) })).toBe('INVALID');
      expect(await vote({ edited: edited('x'), verb: 'deny' })).toBe('INVALID');
      const submission = { kind: 'tool_call' as const, tool: 'browser', arguments: {} };
      const tool = await submit({ submission });
      const change = ballot(rita, tool.approval, { edited: edited('x') });
      expect(await codeOf(rig.ask('approvals.vote', change))).toBe('NOT_SUPPORTED');
    });

    it('asks for the rule of the deciding vote, with who stands behind it', async () => {
      const { approval } = await submit({ requirement: requirement({ require_n_approvers: 2 }) });
      const remember = {
        pattern_type: 'glob' as const,
        pattern: 'systemctl restart *',
        scope: { type: 'global' as const },
      };
      await rig.ask('approvals.vote', ballot(rita, approval));
      await rig.ask('approvals.vote', ballot(tom, approval, { remember }));
      const [closed] = await rig.facts('approval.closed');
      expect(closed?.payload.data.remember).toMatchObject({
        rule: remember,
        effect: 'allow',
        by: { id: tom.id },
        approved_for: { approvers: 1, roles: ['reviewer'], groups: [] },
        command: approval.command,
      });
    });

    it('forgets a proposed allow rule when the request is denied', async () => {
      const { approval } = await submit({ requirement: requirement({ require_n_approvers: 2 }) });
      const remember = {
        pattern_type: 'exact' as const,
        pattern: approval.command,
        scope: { type: 'global' as const },
      };
      await rig.ask('approvals.vote', ballot(rita, approval, { remember }));
      await rig.ask('approvals.vote', ballot(tom, approval, { verb: 'deny' }));
      const [closed] = await rig.facts('approval.closed');
      expect(closed?.payload.data.remember).toBeNull();
    });
  });

  describe('starting, finishing, cancelling', () => {
    const receipt = { receipt_seconds: 60 };

    it('grants one receipt, and records it before it answers', async () => {
      const { command, approval } = await submit();
      const ask = { principal: bot, id: command.id };
      expect(await codeOf(rig.ask('approvals.start', { ...ask, ...receipt }))).toBe('NOT_ALLOWED_YET');
      await rig.ask('approvals.vote', ballot(rita, approval));
      const grants = await Promise.allSettled([1, 2, 3].map(() => rig.ask('approvals.start', { ...ask, ...receipt })));
      const [grant, ...more] = grants.filter((result) => result.status === 'fulfilled');
      expect(more).toEqual([]);
      expect(Date.parse(grant?.value.expires_at ?? '')).toBe(rig.clock.now() + 60_000);
      const [started] = await rig.facts('command.started');
      expect(started?.payload.data).toMatchObject({ jti: grant?.value.jti });
      const result = { exit_code: 0, duration_ms: 12 };
      const finished = await rig.ask('approvals.result', { ...ask, result });
      expect(finished?.result).toEqual({ exit_code: 0, signal: null, duration_ms: 12, output_bytes: null });
      const again = rig.ask('approvals.start', { ...ask, ...receipt });
      await expect(again).rejects.toMatchObject({
        code: 'ALREADY_STARTED',
        detail: expect.stringContaining('exit code 0'),
      });
    });

    it('takes one result, after the start only; the same one again is no error', async () => {
      const { command, approval } = await submit();
      const ask = { principal: bot, id: command.id };
      const result = { exit_code: 0, duration_ms: 12 };
      await rig.ask('approvals.vote', ballot(rita, approval));
      expect(await codeOf(rig.ask('approvals.result', { ...ask, result }))).toBe('NOT_ALLOWED_YET');
      await rig.ask('approvals.start', { ...ask, ...receipt });
      await rig.ask('approvals.result', { ...ask, result });
      await rig.ask('approvals.result', { ...ask, result });
      const other = { exit_code: 1, duration_ms: 12 };
      expect(await codeOf(rig.ask('approvals.result', { ...ask, result: other }))).toBe('ALREADY_CLOSED');
      expect(await rig.facts('command.finished')).toHaveLength(1);
    });

    it('never starts what was denied, nor what was allowed too long ago', async () => {
      const denied = await submit();
      await rig.ask('approvals.vote', ballot(rita, denied.approval, { verb: 'deny' }));
      const start = (id: string) => codeOf(rig.ask('approvals.start', { principal: bot, id, ...receipt }));
      expect(await start(denied.command.id)).toBe('NOT_ALLOWED_YET');
      const allowed = await submit();
      await rig.ask('approvals.vote', ballot(rita, allowed.approval));
      rig.clock.advance(3_600_000);
      expect(await start(allowed.command.id)).toBe('NOT_ALLOWED_YET');
    });

    it('denies what its agent cancels, and never starts what was cancelled after it was allowed', async () => {
      const first = await submit();
      const cancel = (id: string) => rig.ask('approvals.cancel', { principal: bot, id });
      expect((await cancel(first.command.id)).decision).toMatchObject({ outcome: 'denied', source: 'cancelled' });
      expect(await get(first.approval.id)).toMatchObject({ status: 'denied', close_reason: 'cancelled' });
      expect(await codeOf(cancel(first.command.id))).toBe('ALREADY_CLOSED');
      expect(await codeOf(rig.ask('approvals.vote', ballot(rita, first.approval)))).toBe('ALREADY_CLOSED');
      const second = await submit();
      await rig.ask('approvals.vote', ballot(rita, second.approval));
      await cancel(second.command.id);
      const start = rig.ask('approvals.start', { principal: bot, id: second.command.id, ...receipt });
      expect(await codeOf(start)).toBe('NOT_ALLOWED_YET');
      expect(await codeOf(cancel(second.command.id))).toBe('ALREADY_CLOSED');
      expect(await rig.facts('command.withdrawn')).toHaveLength(1);
    });
  });

  describe('another tenant, another agent', () => {
    it('finds nothing', async () => {
      const { command, approval } = await submit();
      const stranger = reviewer({ org: OTHER_ORG });
      const strangeAgent = agent({ org: OTHER_ORG, id: bot.id });
      const neighbour = agent({ org: ORG });
      expect(await codeOf(rig.ask('approvals.get', { principal: stranger, id: approval.id }))).toBe('NOT_FOUND');
      expect(await codeOf(rig.ask('approvals.vote', ballot(stranger, approval)))).toBe('NOT_FOUND');
      const list = await rig.ask('approvals.list', { principal: stranger, query: { limit: 50 } });
      expect(list).toEqual({ data: [], next_cursor: null });
      expect(await rig.ask('approvals.command', { principal: stranger, id: command.id })).toBeNull();
      for (const principal of [strangeAgent, neighbour]) {
        const ask = { principal, id: command.id };
        expect(await rig.ask('approvals.command', ask)).toBeNull();
        expect(await codeOf(rig.ask('approvals.cancel', ask))).toBe('NOT_FOUND');
        expect(await codeOf(rig.ask('approvals.start', { ...ask, receipt_seconds: 60 }))).toBe('NOT_FOUND');
        expect(await rig.ask('approvals.result', { ...ask, result: { exit_code: 0, duration_ms: 1 } })).toBeNull();
      }
      expect((await get(approval.id)).status).toBe('pending');
    });
  });
});
