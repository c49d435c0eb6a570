import type { NewRule, RpcResponse, Rule } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UsageCounter } from './application/usage-counter.js';
import { REMEMBERED_VERSIONS } from './domain/limits.js';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';
import { OrgRow } from './storage/org-row.js';
import { RemovedRuleRow } from './storage/removed-rule-row.js';

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeEach(async () => {
    stage = await openPolicyStage(databases);
  });

  afterEach(() => stage.close());

  type Delivered = RpcResponse<'policy.snapshot'>;
  type Full = Extract<Delivered, { type: 'full' }>;

  const snapshot = (org: string, since: number | null) => stage.rpc.ask('policy.snapshot', { org, since });

  async function full(org: string): Promise<Full> {
    const delivered = await snapshot(org, null);
    if (delivered.type !== 'full') throw new Error('not a full snapshot');
    return delivered;
  }

  /** What a gateway holds after it has taken a delivery in. */
  function applied(held: Full, delivered: Delivered): Full {
    if (delivered.type === 'full') return delivered;
    const rules = new Map(held.rules.map((rule) => [rule.id, rule]));
    for (const rule of delivered.upserted) rules.set(rule.id, rule);
    for (const id of delivered.removed) rules.delete(id);
    const { org, version, targets, policies } = delivered;
    return { type: 'full', org, version, targets, policies, rules: [...rules.values()] };
  }

  const inOrder = (held: Full, now: number): Full => ({
    ...held,
    rules: held.rules
      .filter((rule) => rule.expires_at === null || Date.parse(rule.expires_at) > now)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  });

  type Step =
    | { kind: 'create'; word: number; effect: NewRule['effect']; seconds: number | null }
    | { kind: 'change'; pick: number; word: number }
    | { kind: 'delete'; pick: number }
    | { kind: 'use'; pick: number }
    | { kind: 'target'; word: number }
    | { kind: 'wait'; seconds: number }
    | { kind: 'fetch' };

  const steps: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      kind: fc.constant('create' as const),
      word: fc.nat(5),
      effect: fc.constantFrom('allow', 'deny', 'review'),
      seconds: fc.option(fc.integer({ min: 1, max: 100 })),
    }),
    fc.record({ kind: fc.constant('change' as const), pick: fc.nat(9), word: fc.nat(5) }),
    fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(9) }),
    fc.record({ kind: fc.constant('use' as const), pick: fc.nat(9) }),
    fc.record({ kind: fc.constant('target' as const), word: fc.nat(3) }),
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('fetch' as const) }),
  );

  /** Does one step; what is refused (the same rule twice) changes nothing. */
  async function take(step: Step, org: string, ids: string[]): Promise<void> {
    const principal = person(org);
    const picked = (pick: number) => ids[pick % Math.max(ids.length, 1)] ?? 'rule_none';
    const refused = () => undefined;
    switch (step.kind) {
      case 'create': {
        const { effect, seconds, word } = step;
        const expires_at = seconds === null ? null : new Date(stage.clock.now() + seconds * 1_000).toISOString();
        const rule: NewRule = { ...lsRule(word), effect, expires_at };
        const made = await stage.rpc.ask('policy.rules.create', { principal, rule }).catch(refused);
        if (made) ids.push(made.id);
        return;
      }
      case 'change': {
        const change = { pattern: lsRule(step.word).pattern };
        await stage.rpc.ask('policy.rules.update', { principal, id: picked(step.pick), change }).catch(refused);
        return;
      }
      case 'delete':
        await stage.rpc.ask('policy.rules.delete', { principal, id: picked(step.pick) }).catch(refused);
        return;
      case 'use':
        await stage.app.get(UsageCounter).count(org, { ruleId: picked(step.pick), shadowRuleIds: [], at: 1 });
        return;
      case 'target':
        await stage.rpc.ask('policy.targets.create', { principal, target: { name: `web${step.word}` } }).catch(refused);
        return;
      case 'wait':
        stage.clock.advance(step.seconds * 1_000);
        return;
      case 'fetch':
        return;
    }
  }

  const lsRule = (word: number): NewRule => ({
    effect: 'allow',
    kind: 'command',
    pattern_type: 'glob',
    pattern: `ls /srv/${word}`,
    scope: { type: 'global' },
  });

  const withoutUse = (held: Full) => ({
    ...held,
    rules: held.rules.map(({ use_count: _uses, last_used_at: _last, ...rule }: Rule) => rule),
  });

  describe('the snapshot', () => {
    it('brought up to date by what changed is the same as a whole new one, whatever happened', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 25 }), async (history) => {
          const org = newId('org');
          const ids: string[] = [];
          let held = await full(org);
          for (const step of [...history, { kind: 'fetch' } as const]) {
            await take(step, org, ids);
            if (step.kind !== 'fetch') continue;
            held = applied(held, await snapshot(org, held.version));
            const now = stage.clock.now();
            // Being used is not a change of what a rule says, so it does not travel.
            expect(withoutUse(inOrder(held, now))).toEqual(withoutUse(inOrder(await full(org), now)));
          }
        }),
        { numRuns: 40 },
      );
    });

    it('is answered in full to whoever holds a version that is too old, or none of this database', async () => {
      const org = newId('org');
      const principal = person(org);
      const { id } = await stage.rpc.ask('policy.rules.create', { principal, rule: lsRule(1) });
      await stage.rpc.ask('policy.rules.delete', { principal, id });
      expect(await snapshot(org, 1)).toMatchObject({
        type: 'delta',
        since: 1,
        version: 2,
        upserted: [],
        removed: [id],
      });
      expect(await snapshot(org, 99)).toMatchObject({ type: 'full', version: 2 });
      // As if very many changes had been made since.
      const version = REMEMBERED_VERSIONS + 199;
      await stage.database.transaction((manager) => manager.update(OrgRow, { org }, { version }));
      await stage.rpc.ask('policy.rules.create', { principal, rule: lsRule(2) });
      expect(await snapshot(org, 1)).toMatchObject({ type: 'full', version: version + 1 });
      expect(await snapshot(org, version)).toMatchObject({ type: 'delta', removed: [] });
      expect(await stage.database.read((manager) => manager.countBy(RemovedRuleRow, { org }))).toBe(0);
    });

    it('does not grow a version when rules are merely used', async () => {
      const org = newId('org');
      const { id } = await stage.rpc.ask('policy.rules.create', { principal: person(org), rule: lsRule(1) });
      await stage.app.get(UsageCounter).count(org, { ruleId: id, shadowRuleIds: [], at: 5 });
      expect(await snapshot(org, 1)).toMatchObject({ type: 'delta', version: 1, upserted: [] });
    });
  });
});
