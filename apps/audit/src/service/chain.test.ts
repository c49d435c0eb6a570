import { type AuditEntry, EVENT_TYPES } from '@expacti/contracts';
import { verifyChain } from '@expacti/crypto';
import { encodeCursor, newId } from '@expacti/persistence';
import type { Fact } from '@expacti/platform';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditRig } from '../../test/audit-rig.js';
import { auditor, decided, ORG, OTHER_ORG, ruleCreated, story } from '../../test/fixtures.js';
import { EntryWriter } from './entry-writer.js';

onEachDatabase((databases) => {
  let rig: AuditRig;
  const ada = auditor();
  const stranger = auditor(OTHER_ORG);

  beforeEach(async () => {
    rig = await new AuditRig(databases).start();
  });

  afterEach(async () => {
    expect(rig.failures).toEqual([]);
    await rig.remove();
  });

  const now = () => rig.clock.now();
  const sequences = (entries: readonly AuditEntry[]) => entries.map(({ sequence }) => sequence);

  /** Events of two orgs, interleaved. */
  async function tellMany(count: number): Promise<void> {
    const events = Array.from({ length: count }, (_, number) =>
      ruleCreated(number % 3 === 2 ? OTHER_ORG : ORG, now(), { number }),
    );
    await rig.tell(...events);
  }

  describe('the audit chain', () => {
    it('has an entry for each event, without gaps, apart for each org', async () => {
      await tellMany(30);
      const own = await rig.chain(ada, 7);
      const other = await rig.chain(stranger);
      expect(sequences(own)).toEqual(Array.from({ length: 20 }, (_, number) => number + 1));
      expect(other).toHaveLength(10);
      for (const chain of [own, other]) expect(await verifyChain(chain)).toMatchObject({ ok: true });
      expect(own[0]?.previous_hash).toBe('0'.repeat(64));
    });

    it('takes every type of event that is not a hint', async () => {
      // The types are not listed here: whatever the contracts know must get in.
      const consumed = EVENT_TYPES.filter(
        (type) => type.endsWith('.created') || type.endsWith('.updated') || type.endsWith('.deleted'),
      );
      const events = consumed
        .filter((type) => type !== 'approval.updated')
        .map((type) => ({ ...ruleCreated(ORG, now()), id: newId('evt'), type, key: type }));
      const hint = {
        ...ruleCreated(ORG, now()),
        type: 'policy.changed',
        key: 'hint',
        payload: { org: ORG, version: 1 },
      };
      await rig.bus.publish([hint]);
      await rig.tell(...events);
      expect((await rig.chain(ada)).map(({ action }) => action).sort()).toEqual(events.map(({ type }) => type).sort());
    });

    it('makes one entry of an event however often it is delivered', async () => {
      const event = ruleCreated(ORG, now());
      await rig.tell(event);
      const writer = rig.get(EntryWriter);
      const fact = event as Fact;
      await Promise.all([writer.append(fact), writer.append(fact), writer.append(ruleCreated(ORG, now()) as Fact)]);
      expect(sequences(await rig.chain(ada))).toEqual([1, 2]);
    });

    it('goes on after a restart where it was', async () => {
      await tellMany(6);
      await rig.stop();
      await rig.start();
      await tellMany(6);
      const chain = await rig.chain(ada);
      expect(sequences(chain)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect((await verifyChain(chain)).ok).toBe(true);
    });

    it('is not kept from anything by a text that canonical JSON cannot hold', async () => {
      const hostile = String.raw`{ "note": "a\ud800b", "\udfff": 1, "literal": "\\ud800" }`;
      await rig.tell(ruleCreated(ORG, now(), JSON.parse(hostile)));
      const [entry] = await rig.chain(ada);
      expect(entry?.data.fields).toEqual({ note: 'a\ufffdb', '\ufffd': 1, literal: '\\ud800' });
      expect((await verifyChain(await rig.chain(ada))).ok).toBe(true);
    });

    it('is not blocked by an event that breaks its contract: that one ends among the dead letters', async () => {
      const broken = { ...ruleCreated(ORG, now()), payload: { actor: 'nobody' } };
      const unknown = { ...ruleCreated(ORG, now()), type: 'rule.exploded' };
      await rig.bus.publish([broken, unknown]);
      await tellMany(3);
      await rig.until(async () => (await rig.bus.deadLetters('audit')).length === 2);
      const dead = await rig.bus.deadLetters('audit');
      expect(dead.map(({ event }) => event.id).sort()).toEqual([broken.id, unknown.id].sort());
      expect(await verifyChain(await rig.chain(ada))).toMatchObject({ ok: true, checked: 2 });
      expect(rig.log.some((line) => line.includes(broken.id))).toBe(true);
    });

    it('takes the others of a batch when one of them cannot be written', async () => {
      const writer = rig.get(EntryWriter);
      const facts = [1, 2, 3, 4].map(() => ruleCreated(ORG, now()) as Fact);
      const timeless = { ...ruleCreated(ORG, now()), at: 'some day' } as Fact;
      const all = [...facts.slice(0, 2), timeless, ...facts.slice(2)];
      const results = await Promise.allSettled(all.map((one) => writer.append(one)));
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
      expect(await verifyChain(await rig.chain(ada))).toMatchObject({ ok: true, checked: 4 });
    });

    it('says where it stands', async () => {
      await tellMany(3);
      const head = await rig.ask('audit.head', { principal: ada });
      const last = (await rig.chain(ada)).at(-1);
      expect(head).toMatchObject({ org: ORG, sequence: 2, hash: last?.hash });
      const empty = await rig.ask('audit.head', { principal: auditor(newId('org')) });
      expect(empty).toMatchObject({ sequence: 0, hash: '0'.repeat(64) });
    });
  });

  describe('somebody with the database in hand', () => {
    const disarm = {
      sqlite: ['DROP TRIGGER audit_entries_refuse_update', 'DROP TRIGGER audit_entries_refuse_delete'],
      postgres: ['SET LOCAL session_replication_role = replica'],
    };
    const tampered = async (sql: string[], before: readonly string[] = disarm[databases.dialect]) => {
      await tellMany(9);
      const checkpoint = await rig.ask('audit.head', { principal: ada });
      await rig.database.transaction(async (manager) => {
        for (const statement of [...before, ...sql]) await manager.query(statement);
      });
      return verifyChain(await rig.chain(ada), { checkpoints: [checkpoint] });
    };
    const entry = (sequence: number) => `org_id = '${ORG}' AND sequence = ${sequence}`;

    it('is refused by the table itself', async () => {
      await expect(tampered([`UPDATE audit_entries SET action = 'x'`], [])).rejects.toThrow('append-only');
      await expect(tampered([`DELETE FROM audit_entries`], [])).rejects.toThrow('append-only');
      const replacing = {
        sqlite: [`REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE ${entry(2)}`],
        postgres: [
          `INSERT INTO audit_entries SELECT * FROM audit_entries WHERE ${entry(2)}
             ON CONFLICT (org_id, sequence) DO UPDATE SET action = 'x'`,
          'TRUNCATE audit_entries',
        ],
      };
      for (const again of replacing[databases.dialect])
        await expect(tampered([again], [])).rejects.toThrow('append-only');
    });

    it('is found out when an entry was changed', async () => {
      const report = await tampered([`UPDATE audit_entries SET data = '{"fields":{}}' WHERE ${entry(3)}`]);
      expect(report).toMatchObject({ ok: false, faults: [{ kind: 'changed', sequence: 3 }] });
    });

    it('is found out when an entry was removed, also at the end', async () => {
      const middle = await tampered([`DELETE FROM audit_entries WHERE ${entry(4)}`]);
      expect(middle.faults).toEqual([{ kind: 'removed', sequence: 4, through: 4 }]);
      await rig.remove();
      rig = await new AuditRig(databases).start();
      const end = await tampered([`DELETE FROM audit_entries WHERE org_id = '${ORG}' AND sequence > 4`]);
      expect(end.faults).toEqual([{ kind: 'removed', sequence: 5, through: 6 }]);
    });

    it('is found out when an entry was put in between', async () => {
      const columns = 'org_id, at, actor, actor_id, action, subject_type, subject_id, data, previous_hash, hash';
      const report = await tampered([
        `UPDATE audit_entries SET sequence = sequence + 100 WHERE org_id = '${ORG}' AND sequence > 2`,
        `INSERT INTO audit_entries (sequence, event_id, ${columns}) SELECT 3, 'evt_forged', ${columns} FROM audit_entries WHERE ${entry(2)}`,
        `UPDATE audit_entries SET sequence = sequence - 99 WHERE org_id = '${ORG}' AND sequence > 100`,
      ]);
      expect(report.ok).toBe(false);
      expect(report.faults.some((fault) => fault.sequence === 3)).toBe(true);
    });

    it('is found out when two entries changed places', async () => {
      const report = await tampered([
        `UPDATE audit_entries SET sequence = 1000 WHERE ${entry(2)}`,
        `UPDATE audit_entries SET sequence = 2 WHERE ${entry(3)}`,
        `UPDATE audit_entries SET sequence = 3 WHERE ${entry(1000)}`,
      ]);
      expect(report.ok).toBe(false);
      expect(report.faults.map((fault) => fault.sequence)).toEqual(expect.arrayContaining([2, 3]));
    });
  });

  describe('the list of entries', () => {
    it('is newest first, filtered and paged, and shows nothing of another org', async () => {
      await tellMany(12);
      await rig.tell(decided(story('ls'), now()));
      const query = { limit: 4 };
      const first = await rig.ask('audit.entries', { principal: ada, query });
      const second = await rig.ask('audit.entries', {
        principal: ada,
        query: { ...query, cursor: first.next_cursor ?? '' },
      });
      expect(sequences([...first.data, ...second.data])).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
      const rules = await rig.ask('audit.entries', { principal: ada, query: { limit: 50, action: 'rule.created' } });
      expect(rules.data).toHaveLength(8);
      const [subject] = rules.data;
      const one = { limit: 50, subject_id: subject?.subject.id ?? '', actor_id: subject?.actor.id ?? '' };
      expect((await rig.ask('audit.entries', { principal: ada, query: one })).data).toEqual([subject]);
      expect((await rig.ask('audit.entries', { principal: stranger, query: one })).data).toEqual([]);
      const future = { limit: 50, since: new Date(now() + 60_000).toISOString() };
      expect((await rig.ask('audit.entries', { principal: ada, query: future })).data).toEqual([]);
      for (const cursor of ['nonsense', encodeCursor([1.5]), encodeCursor([1e300]), encodeCursor(['1'])]) {
        const broken = rig.ask('audit.entries', { principal: ada, query: { limit: 5, cursor } });
        await expect(broken).rejects.toMatchObject({ code: 'INVALID' });
      }
    });
  });
});
