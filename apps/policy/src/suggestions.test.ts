import type { Approval } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { fact } from '@expacti/platform';
import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { approvalOf, closedPayload } from './approval-fixtures.contract-test.js';
import { MAX_COUNTED_PATTERNS } from './domain/suggestible-rules.js';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';
import { SuggestionRow } from './storage/suggestion-row.js';

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeEach(async () => {
    stage = await openPolicyStage(databases);
  });

  afterEach(() => stage.close());

  const org = newId('org');
  const principal = person(org);

  /** Decides each line in turn and waits until the service has taken it in. */
  async function decide(effect: 'allow' | 'deny', lines: string[], more: Partial<Approval> = {}): Promise<void> {
    for (const line of lines) {
      const approval = approvalOf(line, stage.clock.now(), more);
      const payload = closedPayload(approval, { by: principal, effect });
      const event = fact('approval.closed', org, approval.id, stage.clock.now(), payload);
      await stage.bus.publish([event]);
      await eventually(() => stage.hasProcessed('policy', event.id), 'the event is processed');
    }
  }

  const list = async (who = principal, q?: string) =>
    (await stage.rpc.ask('policy.suggestions.list', { principal: who, query: q === undefined ? {} : { q } })).data;
  const patterns = async () => (await list()).map(({ rule }) => `${rule.pattern_type} ${rule.pattern}`);

  describe('suggestions', () => {
    it('come from three approvals: of the same line, or of different ones of one form', async () => {
      await decide('allow', ['docker logs web1', 'docker logs web2']);
      expect(await patterns()).toEqual([]);
      await decide('allow', ['docker logs web3']);
      expect(await patterns()).toEqual(['glob docker logs *']);
      await decide('allow', ['systemctl restart app', 'systemctl restart app', 'systemctl restart app']);
      expect(await patterns()).toEqual(['exact systemctl restart app', 'glob docker logs *']);
      expect(await list(principal, 'LOGS')).toMatchObject([
        {
          rule: { effect: 'allow', shell: 'bash', scope: { type: 'global' } },
          approvals: 3,
          denials: 0,
          samples: ['docker logs web1', 'docker logs web2', 'docker logs web3'],
        },
      ]);
    });

    it('name the folder where it decides what runs, and are not made where it is not known', async () => {
      const lines = ['make deploy', 'make deploy', 'make deploy'];
      await decide('allow', lines);
      expect(await patterns()).toEqual([]);
      await decide('allow', lines, { cwd: '/srv/app' });
      expect(await list()).toMatchObject([{ rule: { pattern: 'make deploy', cwd: '/srv/app' } }]);
    });

    it('never come where somebody said no', async () => {
      await decide('allow', ['docker logs web1', 'docker logs web2', 'docker logs web3']);
      await decide('deny', ['docker logs db1']);
      expect(await patterns()).toEqual([]);
    });

    it('never come from risky, dynamic or misunderstood lines, nor from timeouts', async () => {
      const risk = { score: 80, level: 'critical' as const, reversible: 'no' as const, reasons: [] };
      for (const [line, more] of [
        ['rm -rf /srv/old', { risk }],
        ['cat $FILE', {}],
        ['./deploy.sh', { cwd: '/srv' }],
        ['echo "', {}],
        ['c2VjcmV0', { encrypted: true }],
        ['uptime', { target: 'not-registered' }],
      ] satisfies [string, Partial<Approval>][])
        await decide('allow', [line, line, line], more);
      expect(await patterns()).toEqual([]);
    });

    it('are as wide as the target that the lines ran on', async () => {
      const { id } = await stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web1' } });
      await decide('allow', ['uptime', 'uptime', 'uptime'], { target: 'web1' });
      expect(await list()).toMatchObject([{ rule: { scope: { type: 'target', id } } }]);
    });

    it('become a rule when a person accepts one, and go', async () => {
      await decide('allow', ['uptime', 'uptime', 'uptime']);
      const [suggestion] = await list();
      const id = suggestion?.id ?? '';
      const rule = await stage.rpc.ask('policy.suggestions.accept', { principal, id });
      expect(rule).toMatchObject({ pattern: 'uptime', created_by: { id: principal.id } });
      expect(await list()).toEqual([]);
      await expect(stage.rpc.ask('policy.suggestions.accept', { principal, id })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });

    it('go when the same rule is made by hand', async () => {
      await decide('allow', ['uptime', 'uptime', 'uptime']);
      const [suggestion] = await list();
      if (!suggestion) throw new Error('no suggestion');
      await stage.rpc.ask('policy.rules.create', { principal, rule: suggestion.rule });
      expect(await list()).toEqual([]);
    });

    it('do not come back once they were dismissed', async () => {
      await decide('allow', ['uptime', 'uptime', 'uptime']);
      const [suggestion] = await list();
      await stage.rpc.ask('policy.suggestions.dismiss', { principal, id: suggestion?.id ?? '' });
      await decide('allow', ['uptime']);
      expect(await list()).toEqual([]);
      const dismissed = () => stage.events.find((event) => event.type === 'suggestion.dismissed');
      await eventually(() => stage.flush().then(dismissed), 'the fact');
      expect(dismissed()?.payload).toMatchObject({ actor: { id: principal.id }, subject: { id: suggestion?.id } });
    });

    it('belong to their org alone', async () => {
      await decide('allow', ['uptime', 'uptime', 'uptime']);
      const [suggestion] = await list();
      const stranger = { principal: person(newId('org')), id: suggestion?.id ?? '' };
      expect(await list(stranger.principal)).toEqual([]);
      const notFound = { code: 'NOT_FOUND' };
      await expect(stage.rpc.ask('policy.suggestions.accept', stranger)).rejects.toMatchObject(notFound);
      await expect(stage.rpc.ask('policy.suggestions.dismiss', stranger)).rejects.toMatchObject(notFound);
    });

    it('are counted for so many patterns at most; the ones not seen for longest make room', async () => {
      const row = (number: number) => ({
        id: newId('sug'),
        org_id: org,
        fingerprint: `f${number}`,
        state: 'open',
        pattern: 'x',
        rule: '{}',
        approvals: 1,
        denials: 0,
        samples: '[]',
        sample_count: 0,
        samples_needed: 1,
        first_seen_at: number,
        last_seen_at: number,
      });
      await stage.database.append(
        'policy_suggestions',
        Array.from({ length: MAX_COUNTED_PATTERNS }, (_, number) => row(number)),
      );
      await decide('allow', ['uptime']);
      const kept = await stage.database.read((manager) =>
        manager.find(SuggestionRow, { order: { lastSeenAt: 'ASC' } }),
      );
      expect(kept).toHaveLength(MAX_COUNTED_PATTERNS);
      expect(kept[0]?.fingerprint).toBe('f1');
    });
  });
});
