import type { NewRule } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commandOf } from './approval-fixtures.contract-test.js';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeEach(async () => {
    stage = await openPolicyStage(databases);
  });

  afterEach(() => stage.close());

  const principal = person(newId('org'));
  const glob = (pattern: string, more: Partial<NewRule> = {}): NewRule => ({
    effect: 'allow',
    kind: 'command',
    pattern_type: 'glob',
    pattern,
    scope: { type: 'global' },
    ...more,
  });
  const preview = (rule: NewRule, days = 30) => stage.rpc.ask('policy.rules.preview', { principal, rule, days });
  const DAY_MS = 86_400_000;

  function ran(command: string, daysAgo = 0, target: string | null = null) {
    const record = { ...commandOf(command, stage.clock.now() - daysAgo * DAY_MS), target };
    stage.history.push({ ...record, status: 'allowed', decision: null, started_at: null, result: null });
    return record;
  }

  describe('a preview', () => {
    it('tells which commands of the last days a rule would have let run', async () => {
      const one = ran('docker logs web1');
      ran('docker logs web1; id');
      ran('docker logs $(id)');
      ran('uptime');
      ran('docker logs web9', 31);
      const seen = await preview(glob('docker logs *'));
      expect(seen).toMatchObject({ days: 30, examined: 4, matches: 1 });
      expect(seen.samples).toEqual([
        {
          command_id: one.id,
          command: 'docker logs web1',
          agent: one.agent.name,
          created_at: one.created_at,
          status: 'allowed',
        },
      ]);
      expect(await preview(glob('docker logs *'), 90)).toMatchObject({ examined: 5, matches: 2 });
    });

    it('catches a part of a line for a deny rule, and ends and shadows do not hide anything', async () => {
      ran('cd /srv && rm -rf old');
      expect(await preview(glob('rm **', { effect: 'deny', shadow: true }))).toMatchObject({ matches: 1 });
    });

    it('looks at the target where the rule does', async () => {
      const { id } = await stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web1' } });
      ran('uptime', 0, 'web1');
      ran('uptime');
      expect(await preview(glob('uptime', { scope: { type: 'target', id } }))).toMatchObject({ matches: 1 });
    });

    it('shows twenty commands at most', async () => {
      for (let count = 0; count < 25; count += 1) ran('uptime');
      const { matches, samples } = await preview(glob('uptime'));
      expect([matches, samples.length]).toEqual([25, 20]);
    });

    it('refuses a rule that could not be saved', async () => {
      await expect(preview(glob('('))).rejects.toMatchObject({ code: 'RULE_INVALID' });
    });
  });
});
