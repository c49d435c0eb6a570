import type { NewRule } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { eventually } from '@expacti/testkit';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_RULES } from './domain/limits.js';
import { openPolicyStage, type PolicyStage, person } from './policy-stage.contract-test.js';
import { OrgRow } from './storage/org-row.js';

onEachDatabase((databases) => {
  let stage: PolicyStage;

  beforeEach(async () => {
    stage = await openPolicyStage(databases);
  });

  afterEach(() => stage.close());

  const org = newId('org');
  const principal = person(org);
  const glob = (pattern: string, more: Partial<NewRule> = {}): NewRule => ({
    effect: 'allow',
    kind: 'command',
    pattern_type: 'glob',
    pattern,
    scope: { type: 'global' },
    ...more,
  });
  const load = (rules: NewRule[], dry_run = false, timeoutMs = 5_000) =>
    stage.rpc.ask('policy.rules.import', { principal, request: { rules, dry_run } }, { timeoutMs });
  const patterns = async () =>
    (await stage.rpc.ask('policy.rules.export', { principal })).rules.map((rule) => rule.pattern);

  describe('an import', () => {
    it('makes every rule of the list, and skips what is there or repeated', async () => {
      await stage.rpc.ask('policy.rules.create', { principal, rule: glob('docker ps') });
      const rules = [
        glob('docker ps'),
        glob('docker logs *'),
        glob('rm **', { effect: 'deny' }),
        glob('docker logs *'),
      ];
      expect(await load(rules)).toEqual({ created: 2, skipped: 2, problems: [] });
      expect(await patterns()).toEqual(['docker ps', 'docker logs *', 'rm **']);
      const imported = () => stage.events.find((event) => event.type === 'rules.imported');
      await eventually(() => stage.flush().then(imported), 'the fact');
      expect(imported()?.payload).toMatchObject({
        actor: { id: principal.id },
        data: { fields: { created: 2, skipped: 2, rules_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      });
      expect(await stage.rpc.ask('policy.snapshot', { org, since: 1 })).toMatchObject({ version: 2 });
    });

    it('changes nothing when all of it is there already', async () => {
      await load([glob('docker ps')]);
      expect(await load([glob('docker ps')])).toEqual({ created: 0, skipped: 1, problems: [] });
      expect(await stage.rpc.ask('policy.snapshot', { org, since: 1 })).toMatchObject({ version: 1 });
    });

    it('makes none when one is wrong, and says which and why', async () => {
      const rules = [glob('docker ps'), glob('ls', { scope: { type: 'group', id: newId('grp') } }), glob('* x')];
      await expect(load(rules)).rejects.toMatchObject({
        code: 'RULE_INVALID',
        fields: [{ path: 'rules.1.scope.id' }, { path: 'rules.2.pattern' }],
      });
      await expect(load(rules.slice(0, 2))).rejects.toMatchObject({ fields: [{ path: 'rules.1.scope.id' }] });
      expect(await patterns()).toEqual([]);
      expect(await stage.rpc.ask('policy.snapshot', { org, since: null })).toMatchObject({ version: 0 });
    });

    it('can be tried first', async () => {
      expect(await load([glob('docker ps'), glob('docker ps')], true)).toEqual({
        created: 1,
        skipped: 1,
        problems: [],
      });
      expect(await load([glob('docker ps'), glob('* x')], true)).toMatchObject({
        created: 0,
        problems: [{ index: 1, message: expect.stringContaining('pattern: ') }],
      });
      expect(await patterns()).toEqual([]);
    });

    it('takes what an export gave', async () => {
      const rules = [
        glob('docker logs *', {
          note: 'reads',
          shell: 'sh',
          examples: { matches: ['docker logs a'], does_not_match: [] },
        }),
        glob('read_*', { kind: 'tool_call', matchers: [{ pointer: '/path', glob: '/srv/*' }] }),
        glob('/srv/**', { kind: 'file_transfer', direction: 'upload' }),
      ];
      await load(rules);
      const exported = await stage.rpc.ask('policy.rules.export', { principal });
      expect(exported.rules).toEqual(rules);
      const elsewhere = { principal: person(newId('org')), request: { rules: exported.rules } };
      expect(await stage.rpc.ask('policy.rules.import', elsewhere)).toMatchObject({ created: 3 });
    });

    it('stops at the number of rules that an org may have', async () => {
      await load([glob('docker ps'), glob('uptime', { expires_at: '2026-01-01T00:01:00.000Z' })]);
      await stage.database.transaction((manager) => manager.update(OrgRow, { org }, { ruleCount: MAX_RULES - 1 }));
      await expect(load([glob('a'), glob('b')])).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
      await load([glob('a')]);
      const one = () => stage.rpc.ask('policy.rules.create', { principal, rule: glob('b') });
      await expect(one()).rejects.toMatchObject({ code: 'NOT_SUPPORTED', detail: expect.stringContaining('200000') });
      // A rule that has ended gives up its place.
      stage.clock.advance(60_000);
      expect(await one()).toMatchObject({ pattern: 'b' });
      expect(await patterns()).toEqual(['docker ps', 'a', 'b']);
    });

    const pieces = process.env.EXPACTI_LONG_TESTS ? 10 : 2;

    it('brings in very many rules piece by piece, and the snapshot carries them all', async () => {
      const before = process.memoryUsage().heapUsed;
      for (let piece = 0; piece < pieces; piece += 1) {
        const rules = Array.from({ length: 10_000 }, (_, at) => glob(`docker logs web${piece * 10_000 + at} *`));
        expect(await load(rules, false, 60_000)).toMatchObject({ created: 10_000 });
      }
      const snapshot = await stage.rpc.ask('policy.snapshot', { org, since: null }, { timeoutMs: 60_000 });
      expect(snapshot.type === 'full' && snapshot.rules.length).toBe(pieces * 10_000);
      const grown = process.memoryUsage().heapUsed - before;
      expect(grown).toBeLessThan(1_000_000_000);
    }, 120_000);
  });
});
