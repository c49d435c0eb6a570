import { verifyChain } from '@expacti/crypto';
import { newId } from '@expacti/persistence';
import type { Fact } from '@expacti/platform';
import { onPostgres } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditRig } from '../../test/audit-rig.js';
import { agent, auditor, decided, finished, ORG, OTHER_ORG, ruleCreated, story } from '../../test/fixtures.js';
import { EntryWriter } from './entry-writer.js';

/** Two processes of the service on one database, asked at the same time. */
onPostgres((databases) => {
  const ada = auditor();
  const bot = agent();
  const third = newId('org');

  let rig: AuditRig;
  let other: AuditRig;
  beforeEach(async () => {
    rig = await new AuditRig(databases).start();
    other = await rig.replica();
  });
  afterEach(async () => {
    expect([...rig.failures, ...other.failures]).toEqual([]);
    await other.remove();
    await rig.remove();
  });

  const append = (on: AuditRig, facts: readonly Fact[]) =>
    Promise.all(facts.map((fact) => on.get(EntryWriter).append(fact)));
  const now = () => rig.clock.now();

  describe('the chains', () => {
    it('have one entry for each event, though both processes get each, in another order', async () => {
      const facts = Array.from(
        { length: 240 },
        (_, number) => ruleCreated([ORG, OTHER_ORG, third][number % 3] ?? ORG, now(), { number }) as Fact,
      );
      await Promise.all([append(rig, facts), append(other, facts.toReversed())]);
      for (const org of [ORG, OTHER_ORG, third]) {
        const chain = await rig.chain(auditor(org));
        expect(await verifyChain(chain)).toMatchObject({ ok: true, checked: 80 });
      }
    });

    it('begin once', async () => {
      for (let round = 0; round < 10; round += 1) {
        const org = newId('org');
        const both = [rig, other].map((on) => append(on, [ruleCreated(org, now()) as Fact]));
        await Promise.all(both);
        expect(await verifyChain(await rig.chain(auditor(org)))).toMatchObject({ ok: true, checked: 2 });
      }
    });
  });

  describe('the history', () => {
    it('counts each decision once', async () => {
      const facts = Array.from({ length: 60 }, () => decided(story('ls', { by: bot }), now()) as Fact);
      await Promise.all([append(rig, facts), append(other, facts.toReversed())]);
      const { today } = await other.ask('audit.summary', { principal: ada });
      expect(today.by_rule).toBe(60);
    });

    it('keeps an end that another process hears of while this one hears of the beginning', async () => {
      for (let round = 0; round < 15; round += 1) {
        const one = story('true', { by: bot });
        await Promise.all([
          append(rig, [decided(one, now()) as Fact]),
          append(other, [finished(one, now(), round) as Fact]),
        ]);
        const command = await rig.ask('audit.commands.get', { principal: ada, id: one.record.id });
        expect(command).toMatchObject({ status: 'allowed', result: { exit_code: round } });
      }
    });

    it('gives the same answer to each who reports the same result, and tells of it once', async () => {
      for (let round = 0; round < 10; round += 1) {
        const one = story('ls', { by: bot });
        await append(rig, [decided(one, now()) as Fact]);
        const ask = { principal: bot, id: one.record.id, result: { exit_code: 0, duration_ms: 9 } };
        const answers = await Promise.all(
          Array.from({ length: 6 }, (_, number) => [rig, other][number % 2]?.ask('audit.commands.result', ask)),
        );
        for (const answer of answers) expect(answer?.result).toMatchObject({ exit_code: 0, duration_ms: 9 });
        await rig.until(async () => {
          const { data } = await rig.ask('audit.commands.timeline', { principal: ada, id: one.record.id });
          return data.length > 1;
        });
        const { data } = await rig.ask('audit.commands.timeline', { principal: ada, id: one.record.id });
        expect(data.map(({ action }) => action)).toEqual(['command.decided', 'command.finished']);
      }
    });
  });
});
