import type { EventPayload } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { type Fact, fact, timestamp } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageCounter } from './application/usage-counter.js';
import { commandOf } from './approval-fixtures.contract-test.js';
import { UsageConsumer } from './events/usage-consumer.js';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeEach(async () => {
    stage = await openPolicyStage(databases);
  });

  afterEach(() => stage.close());

  const org = newId('org');
  const principal = person(org);
  const make = (pattern: string, shadow = false, who = principal) =>
    stage.rpc.ask('policy.rules.create', {
      principal: who,
      rule: { effect: 'allow', pattern_type: 'glob', pattern, scope: { type: 'global' }, shadow },
    });
  const get = (id: string) => stage.rpc.ask('policy.rules.get', { principal, id });

  function decided(ruleId: string | null, shadowRuleIds: string[] = []) {
    const now = stage.clock.now();
    const command = commandOf('uptime', now);
    const { shell, cwd, target, risk } = command;
    const payload: EventPayload<'command.decided'> = {
      actor: { kind: 'agent', ...command.agent },
      subject: { type: 'command', id: command.id },
      data: {
        command,
        decision: {
          outcome: 'allowed',
          source: ruleId === null ? 'policy' : 'rule',
          command: command.command,
          edited: false,
          shell,
          cwd,
          target,
          rule_id: ruleId,
          reviewers: [],
          risk,
          decided_at: timestamp(now),
        },
        receipt: null,
        shadow_rule_ids: shadowRuleIds,
      },
    };
    return fact('command.decided', org, command.id, now, payload);
  }

  describe('the use of rules', () => {
    it('is counted from what they decided, in force and in shadow', async () => {
      const [rule, shadow] = [await make('uptime'), await make('uptime **', true)];
      await stage.bus.publish(Array.from({ length: 300 }, () => decided(rule.id, [shadow.id])));
      await stage.bus.publish([decided(null)]);
      const counted = async () => {
        // Deliveries are gathered for a second.
        stage.clock.advance(1_000);
        return (await get(rule.id)).use_count === 300;
      };
      await eventually(counted, 'three hundred uses');
      expect(await get(rule.id)).toMatchObject({ use_count: 300, shadow_count: 0, last_used_at: expect.any(String) });
      expect(await get(shadow.id)).toMatchObject({ use_count: 0, shadow_count: 300, last_used_at: null });
    });

    it('is counted once where an event comes again', async () => {
      const { id } = await make('uptime');
      const event = decided(id) as Fact<'command.decided'>;
      const consumer = stage.app.get(UsageConsumer);
      for (let deliveries = 0; deliveries < 3; deliveries += 1) await consumer.onCommandDecided(event);
      expect((await get(id)).use_count).toBe(1);
    });

    it('is written down before it is acknowledged, in shared transactions, and the latest time stays', async () => {
      const { id } = await make('uptime');
      const counter = stage.app.get(UsageCounter);
      await Promise.all([5_000, 9_000, 7_000].map((at) => counter.count(org, { ruleId: id, shadowRuleIds: [], at })));
      expect(await get(id)).toMatchObject({ use_count: 3, last_used_at: timestamp(9_000) });
      await counter.count(org, { ruleId: id, shadowRuleIds: [], at: 8_000 });
      expect(await get(id)).toMatchObject({ use_count: 4, last_used_at: timestamp(9_000) });
    });

    it('does not reach the rules of another org, nor stumble over rules that are gone', async () => {
      const { id } = await make('uptime');
      const counter = stage.app.get(UsageCounter);
      await counter.count(newId('org'), { ruleId: id, shadowRuleIds: ['rule_gone'], at: 1 });
      expect(await get(id)).toMatchObject({ use_count: 0 });
    });

    it('fails the deliveries of a batch that could not be written, and goes on with the next', async () => {
      const { id } = await make('uptime');
      const counter = stage.app.get(UsageCounter);
      const unwritable = counter.count(org, { ruleId: id, shadowRuleIds: [], at: Number.NaN });
      await expect(unwritable).rejects.toThrow();
      await counter.count(org, { ruleId: id, shadowRuleIds: [], at: 1 });
      expect(await get(id)).toMatchObject({ use_count: 1 });
    });
  });
});
