import type { RpcResponse, Rule } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { type Fact, fact, timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { onPostgres } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageCounter } from './application/usage-counter.js';
import { approvalOf, closedPayload } from './approval-fixtures.contract-test.js';
import { ApprovalClosedConsumer } from './events/approval-closed-consumer.js';
import { SessionEndedConsumer } from './events/session-ended-consumer.js';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';
import { OrgRow } from './storage/org-row.js';
import { SuggestionRow } from './storage/suggestion-row.js';

type Snapshot = RpcResponse<'policy.snapshot'>;

/** Two processes of the service on one database, asked at the same time. */
onPostgres((databases) => {
  let stage: PolicyStage;
  let other: PolicyStage;
  let org: string;
  let principal: ReturnType<typeof person>;
  beforeEach(async () => {
    stage = await openPolicyStage(databases);
    other = await openPolicyStage(databases, stage);
    org = newId('org');
    principal = person(org);
  });
  afterEach(async () => {
    await other.close();
    await stage.close();
  });

  /** So many at once, in turn on the one and on the other. */
  const atOnce = <T>(times: number, work: (on: PolicyStage, number: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, number) => work(number % 2 === 0 ? stage : other, number)));
  const create = (on: PolicyStage, pattern: string, more: { session_id?: string } = {}) =>
    on.rpc.ask('policy.rules.create', {
      principal,
      rule: { effect: 'allow', pattern_type: 'exact', pattern, scope: { type: 'global' }, ...more },
    });
  const snapshot = (on: PolicyStage, since: number | null) => on.rpc.ask('policy.snapshot', { org, since });
  const orgRow = () => stage.database.read((manager) => manager.findOneByOrFail(OrgRow, { org }));

  describe('changes of one org', () => {
    it('count its versions one by one, each told in its turn', async () => {
      await atOnce(30, (on, number) => create(on, `echo ${number}`));
      const versions = () =>
        stage.events
          .filter(({ type }) => type === 'policy.changed')
          .map(({ payload }) => (payload as { version: number }).version);
      const isTold = () => {
        // What the other process has committed is found by looking, once a second.
        stage.clock.advance(1_000);
        return versions().length === 30;
      };
      await eventually(isTold, 'each change is told');
      expect(versions()).toEqual(Array.from({ length: 30 }, (_, number) => number + 1));
      expect(await orgRow()).toMatchObject({ version: 30, ruleCount: 30 });
    });

    it('make the same rule, target or group once', async () => {
      const outcomes = await Promise.allSettled([
        ...[0, 1, 2, 3].map((number) => create(number % 2 === 0 ? stage : other, 'uptime')),
        ...[0, 1, 2, 3].map((number) =>
          (number % 2 === 0 ? stage : other).rpc.ask('policy.targets.create', { principal, target: { name: 'web' } }),
        ),
        ...[0, 1, 2, 3].map((number) =>
          (number % 2 === 0 ? stage : other).rpc.ask('policy.groups.create', { principal, group: { name: 'all' } }),
        ),
      ]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(9);
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ALREADY_EXISTS' });
    });
  });

  it('a snapshot that is brought up to date again and again misses no change, whoever answers', async () => {
    const held = new Map<string, Rule>();
    let version = 0;
    const apply = (answer: Snapshot) => {
      if (answer.type === 'full') held.clear();
      const { upserted, removed } = answer.type === 'full' ? { upserted: answer.rules, removed: [] } : answer;
      for (const rule of upserted) held.set(rule.id, rule);
      for (const id of removed) held.delete(id);
      expect(answer.version).toBeGreaterThanOrEqual(version);
      version = answer.version;
    };
    let isWriting = true;
    const writing = atOnce(6, async (on, writer) => {
      for (let round = 0; round < 10; round += 1) {
        const { id } = await create(on, `echo ${writer} ${round}`);
        if (round % 3 === 1) await on.rpc.ask('policy.rules.update', { principal, id, change: { note: 'changed' } });
        if (round % 3 === 2) await on.rpc.ask('policy.rules.delete', { principal, id });
      }
    }).finally(() => {
      isWriting = false;
    });
    apply(await snapshot(stage, null));
    for (let turn = 0; isWriting; turn += 1) apply(await snapshot(turn % 2 === 0 ? stage : other, version));
    await writing;
    apply(await snapshot(other, version));
    const whole = await snapshot(stage, null);
    const rules = whole.type === 'full' ? whole.rules : [];
    expect(rules).toHaveLength(42);
    expect([...held.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(rules);
    expect(whole.version).toBe(version);
  });

  describe('what people decided', () => {
    const closed = (line: string): Fact<'approval.closed'> => {
      const approval = approvalOf(line, stage.clock.now());
      const payload = closedPayload(approval, { by: principal });
      return fact('approval.closed', org, approval.id, stage.clock.now(), payload) as Fact<'approval.closed'>;
    };
    const learn = (on: PolicyStage, event: Fact<'approval.closed'>) =>
      on.app.get(ApprovalClosedConsumer).onApprovalClosed(event);

    it('counts once for each approval, though each is delivered to both', async () => {
      const events = Array.from({ length: 20 }, (_, number) => closed(`docker logs web${number}`));
      await Promise.all([...events.map((event) => learn(stage, event)), ...events.map((event) => learn(other, event))]);
      const rows = await stage.database.read((manager) => manager.find(SuggestionRow, { where: { org } }));
      expect(rows.find(({ pattern }) => pattern === 'docker logs *')).toMatchObject({ approvals: 20, denials: 0 });
    });

    it('is taken in while the suggested rules are made', async () => {
      for (let round = 0; round < 5; round += 1) {
        const line = `docker logs web${round}`;
        const events = [1, 2, 3, 4].map(() => closed(line));
        await Promise.all([...events.map((event) => learn(other, event)), create(stage, line)]);
      }
      expect((await orgRow()).ruleCount).toBe(5);
    });
  });

  it('sums the use of rules up, in whatever order the processes write it down', async () => {
    const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => create(stage, `echo ${name}`)));
    const ids = made.map(({ id }) => id);
    const count = (on: PolicyStage, ruleIds: readonly string[], at: number) =>
      Promise.all(ruleIds.map((ruleId) => on.app.get(UsageCounter).count(org, { ruleId, shadowRuleIds: [], at })));
    for (let round = 1; round <= 10; round += 1)
      await Promise.all([count(stage, ids, round), count(other, ids.toReversed(), round)]);
    for (const id of ids)
      expect(await other.rpc.ask('policy.rules.get', { principal, id })).toMatchObject({ use_count: 20 });
  });

  it('ends the rules of a session once, and keeps what somebody changed at the same time', async () => {
    const session = newId('ses');
    const made = await Promise.all(
      ['a', 'b', 'c'].map((name) => create(stage, `echo ${name}`, { session_id: session })),
    );
    const actor = { kind: 'agent' as const, id: newId('agt'), name: 'deploy' };
    const payload = { actor, subject: { type: 'session', id: session }, data: { session_id: session } };
    const ended = fact('session.ended', org, session, stage.clock.now(), payload) as Fact<'session.ended'>;
    stage.clock.advance(1_000);
    const endings = [stage, other, stage, other].map((on) => on.app.get(SessionEndedConsumer).onSessionEnded(ended));
    // Whoever comes after the end is told that the rule is over.
    const noted = await Promise.allSettled(
      made.map(({ id }) => other.rpc.ask('policy.rules.update', { principal, id, change: { note: 'noted' } })),
    );
    await Promise.all(endings);
    for (const [number, { id }] of made.entries()) {
      const note = noted[number]?.status === 'fulfilled' ? 'noted' : null;
      const rule = await stage.rpc.ask('policy.rules.get', { principal, id });
      expect(rule).toMatchObject({ note, expires_at: timestamp(stage.clock.now()) });
    }
  });
});
