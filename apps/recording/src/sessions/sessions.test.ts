import type { AgentPrincipal, UserPrincipal } from '@expacti/contracts';
import { newId } from '@expacti/persistence';
import { onEachDatabase, onPostgres } from '@expacti/testkit/on-each-database';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingRig } from '../../test/recording-rig.js';

const [home, abroad] = [newId('org'), newId('org')];
const agent = (org = home): AgentPrincipal => ({
  kind: 'agent',
  org,
  id: newId('agt'),
  name: 'deploy',
  token_id: newId('tok'),
  owner_id: null,
  targets: null,
  shells: null,
  kinds: null,
});
const user = (org = home): UserPrincipal => ({
  kind: 'user',
  org,
  id: newId('usr'),
  name: 'Rita',
  email: 'rita@example.com',
  sign_in_id: null,
  roles: ['reviewer'],
  groups: [],
  permissions: ['sessions:read'],
});
const start = (rig: RecordingRig, principal: AgentPrincipal) =>
  rig.ask('sessions.start', {
    principal,
    name: 'nightly',
    target: 'web-1',
    labels: { task: '7' },
    client: { name: 'sdk', version: '1.0.0' },
  });
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code: string }) => error.code,
  );

onEachDatabase((databases) => {
  let rig: RecordingRig;
  beforeEach(async () => {
    rig = await new RecordingRig(databases).start();
  });
  afterEach(() => rig.remove());

  describe('a session', () => {
    it('starts, is resumed by its agent, and ends once', async () => {
      const principal = agent();
      const session = await start(rig, principal);
      expect(session).toMatchObject({
        name: 'nightly',
        agent: { id: principal.id, name: 'deploy' },
        target: 'web-1',
        labels: { task: '7' },
        client: { name: 'sdk', version: '1.0.0' },
        ended_at: null,
      });
      expect(await rig.ask('sessions.resume', { principal, id: session.id })).toEqual(session);

      rig.clock.advance(1_000);
      await rig.ask('sessions.end', { principal, id: session.id });
      await rig.ask('sessions.end', { principal, id: session.id });
      expect(await codeOf(rig.ask('sessions.resume', { principal, id: session.id }))).toBe('NOT_FOUND');
      const seen = await rig.ask('sessions.get', { principal: user(), id: session.id });
      expect(Date.parse(seen.ended_at ?? '') - Date.parse(seen.started_at)).toBe(1_000);

      const facts = await rig.facts();
      expect(facts).toMatchObject([
        {
          type: 'session.started',
          org: home,
          payload: { actor: { kind: 'agent', id: principal.id }, data: { session } },
        },
        { type: 'session.ended', org: home, payload: { data: { session_id: session.id } } },
      ]);
      expect(facts).toHaveLength(2);
    });

    it('belongs to its agent alone', async () => {
      const { id } = await start(rig, agent());
      for (const principal of [agent(), agent(abroad)]) {
        expect(await codeOf(rig.ask('sessions.resume', { principal, id }))).toBe('NOT_FOUND');
        expect(await codeOf(rig.ask('sessions.end', { principal, id }))).toBe('NOT_FOUND');
      }
    });

    it('is not seen from another org, nor without the permission', async () => {
      const { id } = await start(rig, agent());
      expect(await codeOf(rig.ask('sessions.get', { principal: user(abroad), id }))).toBe('NOT_FOUND');
      expect((await rig.ask('sessions.list', { principal: user(abroad), query: {} })).data).toEqual([]);
      const nobody = { ...user(), permissions: [] };
      expect(await codeOf(rig.ask('sessions.get', { principal: nobody, id }))).toBe('FORBIDDEN');
      expect(await codeOf(rig.ask('sessions.list', { principal: nobody, query: {} }))).toBe('FORBIDDEN');
    });
  });

  describe('the list of sessions', () => {
    it('goes newest first, page by page', async () => {
      const principal = agent();
      const started: string[] = [];
      for (let count = 0; count < 5; count += 1) started.unshift((await start(rig, principal)).id);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await rig.ask('sessions.list', { principal: user(), query: { limit: 2, cursor } });
        seen.push(...page.data.map(({ id }) => id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(started);
      expect(await codeOf(rig.ask('sessions.list', { principal: user(), query: { cursor: 'x' } }))).toBe('INVALID');
    });

    it('is filtered by agent and by whether it is still open', async () => {
      const [one, other] = [agent(), agent()];
      const first = await start(rig, one);
      const second = await start(rig, other);
      await rig.ask('sessions.end', { principal: one, id: first.id });
      const idsOf = async (query: object) =>
        (await rig.ask('sessions.list', { principal: user(), query })).data.map(({ id }) => id);
      expect(await idsOf({ agent_id: one.id })).toEqual([first.id]);
      expect(await idsOf({ active: 'true' })).toEqual([second.id]);
      expect(await idsOf({ active: 'false' })).toEqual([first.id]);
    });
  });
});

/** Two processes of the service on one database. */
onPostgres((databases) => {
  it('end a session once between them, and both know that it has ended', async () => {
    const rig = await new RecordingRig(databases).start();
    const other = await rig.replica();
    const principal = agent();
    for (let round = 0; round < 10; round += 1) {
      const { id } = await start(rig, principal);
      await Promise.all([rig, other, rig, other].map((on) => on.ask('sessions.end', { principal, id })));
      for (const on of [rig, other])
        expect(await codeOf(on.ask('sessions.resume', { principal, id }))).toBe('NOT_FOUND');
    }
    const ended = (await rig.facts()).filter(({ type }) => type === 'session.ended');
    expect(ended).toHaveLength(10);
    await other.remove();
    await rig.remove();
  });
});
