import type { NewRule } from '@expacti/contracts';
import type { BusEvent } from '@expacti/messaging';
import { newId } from '@expacti/persistence';
import { LEASE_MS } from '@expacti/platform';
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
  const principal = person(org);
  const rule = (effect: NewRule['effect'], pattern: string): NewRule => ({
    effect,
    kind: 'command',
    pattern_type: 'glob',
    pattern,
    scope: { type: 'global' },
  });
  const renew = () => stage.rpc.ask('policy.renew_lease', { gateway_id: 'gateway' });
  const acknowledge = (version: number) => stage.rpc.ask('policy.acknowledge', { gateway_id: 'gateway', org, version });

  const isVersion = (version: number) => (event: BusEvent) =>
    event.type === 'policy.changed' && (event.payload as { version: number }).version === version;

  /** Whether the change of that version is answered, once everything has happened that could without time passing. */
  async function isAnswered(answer: Promise<unknown>, version: number): Promise<boolean> {
    let answered = false;
    const note = () => {
      answered = true;
    };
    answer.then(note, note);
    // Once the bus has it, it is committed; then the turns of the event loop that its answer takes.
    await eventually(() => stage.events.some(isVersion(version)), `version ${version}`);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    return answered;
  }

  describe('a change that tightens', () => {
    it('is answered when the live gateway has acknowledged it', async () => {
      await renew();
      const creation = stage.rpc.ask('policy.rules.create', { principal, rule: rule('deny', 'rm **') });
      expect(await isAnswered(creation, 1)).toBe(false);
      await acknowledge(1);
      expect(await creation).toMatchObject({ effect: 'deny' });
    });

    it('is answered when the lease of a silent gateway has lapsed, and not before', async () => {
      const { id } = await stage.rpc.ask('policy.rules.create', { principal, rule: rule('allow', 'uptime') });
      await renew();
      const removal = stage.rpc.ask('policy.rules.delete', { principal, id });
      expect(await isAnswered(removal, 2)).toBe(false);
      stage.clock.advance(LEASE_MS - 200);
      expect(await isAnswered(removal, 2)).toBe(false);
      // The authority looks again every 100 ms.
      for (let step = 0; step < 4; step += 1) {
        stage.clock.advance(100);
        await isAnswered(removal, 2);
      }
      expect(await removal).toEqual({});
    });

    it('is one that takes permission away by a change, a target or a group', async () => {
      const made = await stage.rpc.ask('policy.rules.create', { principal, rule: rule('allow', 'docker logs *') });
      const group = await stage.rpc.ask('policy.groups.create', { principal, group: { name: 'production' } });
      const target = await stage.rpc.ask('policy.targets.create', { principal, target: { name: 'web1' } });
      await renew();
      const narrower = { expires_at: '2026-06-01T00:00:00.000Z' };
      const changes = [
        () => stage.rpc.ask('policy.rules.update', { principal, id: made.id, change: narrower }),
        () => stage.rpc.ask('policy.rules.update', { principal, id: made.id, change: { pattern: 'docker logs web1' } }),
        () => stage.rpc.ask('policy.targets.update', { principal, id: target.id, change: { group_ids: [group.id] } }),
        () => stage.rpc.ask('policy.targets.delete', { principal, id: target.id }),
        () => stage.rpc.ask('policy.groups.delete', { principal, id: group.id }),
      ];
      for (const [index, make] of changes.entries()) {
        const answer = make();
        expect(await isAnswered(answer, 4 + index)).toBe(false);
        await acknowledge(4 + index);
        await answer;
      }
    });
  });

  describe('a change that loosens', () => {
    it('waits for the gateways only a moment', async () => {
      await renew();
      const creation = stage.rpc.ask('policy.rules.create', { principal, rule: rule('allow', 'uptime') });
      expect(await isAnswered(creation, 1)).toBe(false);
      stage.clock.advance(500);
      expect(await creation).toMatchObject({ pattern: 'uptime' });
    });

    it('is answered at once when the gateway knows', async () => {
      await renew();
      const creation = stage.rpc.ask('policy.rules.create', { principal, rule: rule('allow', 'uptime') });
      await isAnswered(creation, 1);
      await acknowledge(1);
      expect(await creation).toMatchObject({ pattern: 'uptime' });
    });
  });
});
