import { CommandListQuery, EVENTS, type RpcRequest } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { onEachDatabase } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditRig, codeOf } from '../../test/audit-rig.js';
import {
  agent,
  auditor,
  closed,
  decided,
  finished,
  ORG,
  OTHER_ORG,
  type Story,
  started,
  story,
  submitted,
} from '../../test/fixtures.js';

onEachDatabase((databases) => {
  let rig: AuditRig;
  const ada = auditor();
  const stranger = auditor(OTHER_ORG);
  const bot = agent();

  beforeEach(async () => {
    rig = await new AuditRig(databases).start();
  });

  afterEach(async () => {
    expect(rig.failures).toEqual([]);
    await rig.remove();
  });

  const now = () => rig.clock.now();
  const get = ({ record }: Story, principal: typeof ada | typeof bot = ada) =>
    rig.ask('audit.commands.get', { principal, id: record.id });
  const list = async (query: object = {}, principal = ada) =>
    (await rig.ask('audit.commands.list', { principal, query: CommandListQuery.parse(query) })).data;
  const texts = async (query: object = {}, principal = ada) =>
    (await list(query, principal)).map(({ command }) => command);

  /** Held, decided by a person, started, finished. */
  async function wholeStory(text: string): Promise<Story> {
    const one = story(text, { by: bot, at: now(), approval_id: newId('apr') });
    await rig.tell(submitted(one, now()));
    await rig.tell(closed(one, now() + 4_000));
    await rig.tell(started(one, now()));
    await rig.tell(finished(one, now(), 3));
    return one;
  }

  describe('the history of a command', () => {
    it('follows a held command from its request to its end', async () => {
      const one = story('rm -r /srv/cache', { by: bot, at: now(), approval_id: newId('apr') });
      await rig.tell(submitted(one, now()));
      expect(await get(one)).toMatchObject({ status: 'pending', decision: null, started_at: null, result: null });
      await rig.tell(closed(one, now(), { reason: 'fine', edited: true, command: 'rm -r /srv/cache/old' }));
      expect(await get(one)).toMatchObject({
        status: 'allowed',
        command: 'rm -r /srv/cache',
        decision: { source: 'reviewer', command: 'rm -r /srv/cache/old', edited: true },
      });
      await rig.tell(started(one, now()));
      await rig.tell(finished(one, now(), 3));
      expect(await get(one)).toMatchObject({ result: { exit_code: 3 }, started_at: expect.any(String) });
      const timeline = await rig.ask('audit.commands.timeline', { principal: ada, id: one.record.id });
      expect(timeline.data.map(({ action }) => action)).toEqual([
        'command.submitted',
        'approval.closed',
        'command.started',
        'command.finished',
      ]);
    });

    it('knows a command that a rule decided at once as started when its receipt was minted with it', async () => {
      const one = story('ls', { by: bot });
      const rule_id = newId('rule');
      await rig.tell(decided(one, now(), { rule_id }));
      expect(await get(one)).toMatchObject({ status: 'allowed', started_at: one.record.created_at });
      expect(await texts({ rule_id })).toEqual(['ls']);
      const denied = story('rm -rf /', { by: bot });
      await rig.tell(decided(denied, now(), { outcome: 'denied' }));
      expect(await get(denied)).toMatchObject({ status: 'denied', started_at: null });
    });

    it('keeps an end that was faster than the news of its beginning', async () => {
      const one = story('true', { by: bot });
      await rig.tell(finished(one, now(), 7));
      expect(await get(one)).toBeNull();
      await rig.tell(decided(one, now()));
      expect(await get(one)).toMatchObject({ status: 'allowed', result: { exit_code: 7 } });
    });

    it('never changes a decision or a result that it has', async () => {
      const one = await wholeStory('make deploy');
      const before = await get(one);
      await rig.tell(closed(one, now(), { outcome: 'denied' }));
      await rig.tell(finished(one, now(), 0));
      await rig.tell(decided(one, now(), { outcome: 'denied' }));
      expect(await get(one)).toEqual(before);
    });
  });

  describe('the list of commands', () => {
    it('finds by part of the text, whatever signs it has', async () => {
      for (const text of [
        'echo 100% sure',
        'echo 100 percent',
        'cat a_b',
        'cat aXb',
        'grep "\\d" Log',
        "echo 'quoted'",
      ])
        await rig.tell(decided(story(text, { by: bot }), now()));
      expect(await texts({ q: '100%' })).toEqual(['echo 100% sure']);
      expect(await texts({ q: 'a_b' })).toEqual(['cat a_b']);
      expect(await texts({ q: '\\d' })).toEqual(['grep "\\d" Log']);
      expect(await texts({ q: 'LOG' })).toEqual(['grep "\\d" Log']);
      expect(await texts({ q: "'quoted'" })).toEqual(["echo 'quoted'"]);
      expect(await texts({ q: 'nowhere' })).toEqual([]);
    });

    it('is newest first, filtered, and paged without gaps', async () => {
      const other = agent({ name: 'other' });
      const first = now();
      for (let number = 0; number < 12; number += 1) {
        const by = number % 2 === 0 ? bot : other;
        const at = first + Math.floor(number / 3);
        const one = story(`echo ${number}`, {
          by,
          at,
          target: number < 6 ? 'web' : null,
          session_id: number === 3 ? 'ses_3' : null,
        });
        await rig.tell(decided(one, now()));
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const query: RpcRequest<'audit.commands.list'>['query'] = { limit: 5, ...(cursor ? { cursor } : {}) };
        const page: { data: { id: string }[]; next_cursor: string | null } = await rig.ask('audit.commands.list', {
          principal: ada,
          query,
        });
        seen.push(...page.data.map(({ id }) => id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(12);
      const all = await list();
      expect(all.map(({ created_at }) => created_at)).toEqual(
        all
          .map(({ created_at }) => created_at)
          .sort()
          .reverse(),
      );
      expect(await list({ agent_id: other.id })).toHaveLength(6);
      expect(await list({ target: 'web' })).toHaveLength(6);
      expect(await texts({ session_id: 'ses_3' })).toEqual(['echo 3']);
      expect(await list({ status: 'pending' })).toEqual([]);
      expect(await list({ source: 'rule', kind: 'command', status: 'allowed' })).toHaveLength(12);
      const until = new Date(first + 1).toISOString();
      expect(await list({ until })).toHaveLength(3);
      expect(await list({ since: until })).toHaveLength(9);
    });

    it('gives the lately decided lines without those that wait', async () => {
      await rig.tell(decided(story('old', { at: now() - 60_000 }), now()));
      await rig.tell(decided(story('new', { at: now() }), now()));
      await rig.tell(submitted(story('waiting', { at: now(), approval_id: newId('apr') }), now()));
      const since = new Date(now() - 1_000).toISOString();
      const { commands } = await rig.ask('audit.commands.recent', { org: ORG, since, limit: 10 });
      expect(commands.map(({ command }) => command)).toEqual(['new']);
    });
  });

  describe('the result of a command that a rule allowed', () => {
    const result = { exit_code: 0, duration_ms: 9 };

    it('is kept once and told to everybody', async () => {
      const one = story('ls', { by: bot });
      await rig.tell(decided(one, now()));
      const ask = { principal: bot, id: one.record.id, result };
      const answers = await Promise.all([1, 2, 3].map(() => rig.ask('audit.commands.result', ask)));
      for (const answer of answers) expect(answer?.result).toMatchObject({ exit_code: 0, duration_ms: 9 });
      const other = { ...ask, result: { ...result, exit_code: 1 } };
      expect(await codeOf(rig.ask('audit.commands.result', other))).toBe('ALREADY_CLOSED');
      await rig.until(async () => (await rig.chain(ada)).length === 2);
      const [, finish] = await rig.chain(ada);
      expect(finish?.action).toBe('command.finished');
      expect(
        EVENTS['command.finished'].parse({ actor: finish?.actor, subject: finish?.subject, data: finish?.data }),
      ).toBeTruthy();
    });

    it('is refused for what never started, and belongs elsewhere for what was held', async () => {
      const denied = story('rm -rf /', { by: bot });
      await rig.tell(decided(denied, now(), { outcome: 'denied' }));
      expect(await codeOf(rig.ask('audit.commands.result', { principal: bot, id: denied.record.id, result }))).toBe(
        'NOT_ALLOWED_YET',
      );
      const held = await wholeStory('make deploy');
      expect(await rig.ask('audit.commands.result', { principal: bot, id: held.record.id, result })).toBeNull();
      expect(await rig.ask('audit.commands.result', { principal: bot, id: newId('cmd'), result })).toBeNull();
    });
  });

  describe('the figures of today', () => {
    it('count by who decided, and take the middle of how long people took', async () => {
      for (let number = 0; number < 3; number += 1) await rig.tell(decided(story('ls'), now()));
      const yesterday = story('ls', { at: now() - 86_400_000 });
      await rig.tell(decided(yesterday, now()));
      for (const [seconds, more] of [
        [10, {}],
        [20, {}],
        [60, { outcome: 'denied' as const }],
        [60, { outcome: 'denied' as const, source: 'timeout' as const }],
      ] as const) {
        const one = story('deploy', { at: now(), approval_id: newId('apr') });
        await rig.tell(submitted(one, now()));
        await rig.tell(closed(one, Date.parse(one.record.created_at) + seconds * 1_000, more));
      }
      const waiting = story('deploy', { at: now(), approval_id: newId('apr') });
      const request = submitted(waiting, now());
      await rig.tell(request);
      expect(await rig.ask('audit.summary', { principal: ada })).toEqual({
        pending: 1,
        today: { by_rule: 3, approved: 2, denied: 1, timed_out: 1, median_seconds_to_decide: 20 },
        last_request_at: request.at,
      });
      expect(await rig.ask('audit.summary', { principal: stranger })).toEqual({
        pending: 0,
        today: { by_rule: 0, approved: 0, denied: 0, timed_out: 0, median_seconds_to_decide: null },
        last_request_at: null,
      });
    });
  });

  describe('another tenant, another agent', () => {
    it('sees nothing and changes nothing', async () => {
      const one = story('ls', { by: bot });
      await rig.tell(decided(one, now()));
      const id = one.record.id;
      const result = { exit_code: 0, duration_ms: 1 };
      expect(await list({}, stranger)).toEqual([]);
      expect(await get(one, stranger)).toBeNull();
      expect(await codeOf(rig.ask('audit.commands.timeline', { principal: stranger, id }))).toBe('NOT_FOUND');
      const recent = { org: OTHER_ORG, since: new Date(0).toISOString(), limit: 10 };
      expect((await rig.ask('audit.commands.recent', recent)).commands).toEqual([]);
      for (const principal of [agent(), agent({ org: OTHER_ORG, id: bot.id })]) {
        expect(await get(one, principal)).toBeNull();
        expect(await rig.ask('audit.commands.result', { principal, id, result })).toBeNull();
      }
      expect(await get(one, bot)).toMatchObject({ id, result: null });
    });
  });
});
