import { newId } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { onPostgres } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRig, codeOf } from '../../test/approvals-rig.js';
import { agent, ballot, held, ORG, reviewer } from '../../test/fixtures.js';

/** Two processes of the service on one database, asked at the same time. */
onPostgres((databases) => {
  const bot = agent();
  const rita = reviewer();
  const tom = reviewer({ name: 'Tom Two' });

  let rig: ApprovalsRig;
  let other: ApprovalsRig;
  beforeEach(async () => {
    rig = await new ApprovalsRig(databases).start();
    other = await rig.replica();
  });
  afterEach(async () => {
    expect([...rig.failures, ...other.failures]).toEqual([]);
    await other.remove();
    await rig.remove();
  });

  /** So many at once, in turn on the one and on the other. */
  const atOnce = <T>(times: number, work: (on: ApprovalsRig, number: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, number) => work(number % 2 === 0 ? rig : other, number)));
  const counted = (codes: readonly string[]) =>
    Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));
  const submit = async (on: ApprovalsRig, more: Parameters<typeof held>[1] = {}) => {
    const { command, approval } = await on.ask('approvals.submit', { principal: bot, held: held('ls', more) });
    if (approval === null) throw new Error('not held');
    return { command, approval };
  };

  it('holds no more commands of an agent than its limit, and as many', async () => {
    const codes = await atOnce(40, (on) => codeOf(submit(on, { pending_limit: 10 })));
    expect(counted(codes)).toEqual({ 'no error': 10, TOO_MANY_PENDING: 30 });
    const another = agent();
    const more = await atOnce(4, (on) =>
      codeOf(on.ask('approvals.submit', { principal: another, held: held('ls', { pending_limit: 10 }) })),
    );
    expect(counted(more)).toEqual({ 'no error': 4 });
  });

  it('gives a key to one command, whether it is held or a rule decides it', async () => {
    const submission = { kind: 'command' as const, command: 'ls', idempotency_key: 'k1' };
    const all = await atOnce(12, (on) => submit(on, { submission }));
    expect(new Set(all.map(({ command }) => command.id)).size).toBe(1);
    expect(await rig.factTypes()).toEqual(['command.submitted', 'approval.requested']);
  });

  it('answers one decision and gives out one receipt', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { command, approval } = await submit(rig);
      const votes = await Promise.allSettled([
        rig.ask('approvals.vote', ballot(rita, approval)),
        other.ask('approvals.vote', ballot(tom, approval, { verb: 'deny' })),
      ]);
      expect(votes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { status } = await other.ask('approvals.get', { principal: rita, id: approval.id });
      const starts = await atOnce(6, (on) =>
        codeOf(on.ask('approvals.start', { principal: bot, id: command.id, receipt_seconds: 60 })),
      );
      expect(counted(starts)).toEqual(
        status === 'allowed' ? { 'no error': 1, ALREADY_STARTED: 5 } : { NOT_ALLOWED_YET: 6 },
      );
      const ofIt = (await rig.facts()).filter(({ key }) => key === command.id).map(({ type }) => type);
      expect(ofIt.filter((type) => type === 'approval.closed')).toHaveLength(1);
      expect(ofIt.filter((type) => type === 'command.started')).toHaveLength(status === 'allowed' ? 1 : 0);
    }
  });

  it('counts each of many people who approve at once', async () => {
    const crowd = Array.from({ length: 6 }, () => reviewer());
    const requirement = { require_n_approvers: 6, policy: 'AnyOf' as const, roles: [], groups: [] };
    const { approval } = await submit(rig, { requirement });
    await atOnce(6, (on, number) => on.ask('approvals.vote', ballot(crowd[number] ?? rita, approval)));
    const closed = await other.ask('approvals.get', { principal: rita, id: approval.id });
    expect(closed).toMatchObject({ status: 'allowed', requirement: { missing: { approvers: 0 } } });
    expect(closed.votes).toHaveLength(6);
  });

  describe('a deadline', () => {
    const closings = () => rig.facts('approval.closed');
    /** Time goes on meanwhile: a sweep that a busy machine made fail is tried again five seconds later. */
    const untilClosed = (count: number) =>
      eventually(async () => {
        rig.clock.advance(100);
        return (await closings()).length >= count;
      });

    it('closes each request once, though both look', async () => {
      const all = await atOnce(60, (on) => submit(on, { pending_limit: 100 }));
      rig.clock.advance(60_000);
      await untilClosed(60);
      // Both look again, and find nothing left to do.
      rig.clock.advance(5_000);
      await atOnce(60, (on, number) =>
        on.ask('approvals.get', { principal: rita, id: all[number]?.approval.id ?? '' }),
      );
      const keys = (await closings()).map(({ key }) => key);
      expect(keys).toHaveLength(60);
      expect(new Set(keys).size).toBe(60);
    });

    it('that only a process knew which is gone is met by the other within five seconds', async () => {
      const third = await rig.replica();
      await submit(third, { timeout: { action: 'deny', seconds: 3 } });
      await third.remove();
      rig.clock.advance(5_000);
      await untilClosed(1);
    });
  });

  it('records a rule’s decision once for a key that comes to both', async () => {
    const now = rig.clock.now();
    const decided = (commandId: string) => ({
      actor: { kind: 'agent' as const, id: bot.id, name: bot.name },
      subject: { type: 'command', id: commandId },
      data: {
        command: {
          id: commandId,
          kind: 'command' as const,
          command: 'ls',
          command_sha256: '0'.repeat(64),
          shell: 'bash' as const,
          cwd: null,
          target: null,
          session_id: null,
          ref: null,
          agent: { id: bot.id, name: bot.name },
          approval_id: null,
          reason: null,
          context: null,
          encrypted: false,
          risk: held().risk,
          created_at: timestamp(now),
        },
        decision: {
          outcome: 'allowed' as const,
          source: 'rule' as const,
          command: 'ls',
          edited: false,
          shell: 'bash' as const,
          cwd: null,
          target: null,
          rule_id: newId('rule'),
          reviewers: [],
          risk: held().risk,
          decided_at: timestamp(now),
        },
        receipt: null,
        shadow_rule_ids: [],
      },
    });
    const claims = await atOnce(10, (on) =>
      on.ask('approvals.claim_key', {
        principal: bot,
        key: 'k',
        fingerprint: '0'.repeat(64),
        decided: decided(newId('cmd')),
      }),
    );
    expect(new Set(claims.map(({ command_id }) => command_id)).size).toBe(1);
    expect(await rig.facts('command.decided')).toMatchObject([{ org: ORG, key: claims[0]?.command_id }]);
  });
});
