import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Frame } from '../support/agent.js';
import type { DistributedSystem } from '../support/distributed-system.js';
import { caller, REVIEWER_TOKEN } from '../support/rest.js';
import { choicesOf, rounds } from './chaos.js';
import { EventStreams, fieldOf, type StreamedEvent } from './event-streams.js';
import { comesTrue, decideMore, startSystem, withstand } from './withstand.js';

let system: DistributedSystem;
beforeAll(async () => {
  system = await startSystem({ replicas: { audit: 2 } });
}, 120_000);
afterAll(() => system.remove(), 60_000);

const areConsumed = () =>
  comesTrue(() => EventStreams.use(system, (streams) => streams.areConsumed()), 'every group up to date');

async function inDatabase(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function allOf(path: string): Promise<Frame[]> {
  const read = caller(system.url, REVIEWER_TOKEN);
  const found: Frame[] = [];
  let cursor: string | null = null;
  do {
    const page = await read('GET', `${path}?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    if (page.status !== 200) throw new Error(`${path} was answered with ${page.status}`);
    found.push(...page.body.data);
    cursor = page.body.next_cursor;
  } while (cursor);
  return found;
}

/** How often each id is in the streams. */
const timesOf = (events: readonly StreamedEvent[]): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  for (const event of events) times.set(fieldOf(event, 'id'), (times.get(fieldOf(event, 'id')) ?? 0) + 1);
  return times;
};

/** One for each entry, oldest first: what it is about, and its place in the chain. */
async function auditLines(): Promise<string[]> {
  const { body } = await caller(system.url, REVIEWER_TOKEN)('GET', '/audit/export');
  const entries = (body as string)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Frame);
  return entries.map(({ sequence, action, subject, hash }) => `${sequence} ${action} ${subject.id} ${hash}`);
}

/** What events have effects on: the log, the history of commands, how often each rule was used. */
const effects = async () => ({
  audit: await auditLines(),
  history: (await allOf('/commands')).map(({ id, status, started_at, result }) => ({ id, status, started_at, result })),
  rules: (await allOf('/rules')).map(({ id, use_count }) => ({ id, use_count })),
});

describe('events that come again, and out of order', () => {
  it('are not even taken into the stream when it is the relay that publishes them again', async () => {
    await withstand(system, (load) => decideMore(load, 50));
    await areConsumed();
    const before = await effects();
    const events = await EventStreams.use(system, (streams) => streams.events());
    // The newest: what is old may be trimmed meanwhile, and its id be forgotten with it.
    const published = events.slice(-50);
    expect(published.length).toBe(50);
    // As if the process that published them had died before it removed them from its outbox.
    const rows = published.map((event) =>
      ['id', 'type', 'org', 'key', 'at', 'payload'].map((name) => fieldOf(event, name)),
    );
    await inDatabase(async (client) => {
      const insert =
        'INSERT INTO outbox_events (event_id, type, org, key, at, payload) VALUES ($1, $2, $3, $4, $5, $6)';
      for (const row of rows) await client.query(insert, row);
      const isEmpty = async () => (await client.query('SELECT 1 FROM outbox_events LIMIT 1')).rowCount === 0;
      await comesTrue(isEmpty, 'an empty outbox');
    });
    await areConsumed();
    const after = await EventStreams.use(system, (streams) => streams.events());
    const times = timesOf(after);
    for (const event of published) expect(times.get(fieldOf(event, 'id'))).toBe(1);
    expect(await effects()).toEqual(before);
  }, 240_000);

  it.each(rounds)(
    'change nothing, while 50 agents and 5 reviewers are at work and afterwards (round %i)',
    async (round) => {
      const choices = choicesOf(round);
      let copied = 0;
      await withstand(system, (load) =>
        EventStreams.use(system, async (streams) => {
          for (let times = 0; times < 3; times += 1) {
            await decideMore(load, 50);
            const events = choices.shuffled(await streams.events());
            copied += events.length;
            await streams.add(events);
          }
          await decideMore(load, 50);
        }),
      );
      expect(copied).toBeGreaterThan(500);
      await areConsumed();
      const before = await effects();
      expect(before.history.length).toBeGreaterThan(150);
      expect(Math.max(...before.rules.map(({ use_count }) => use_count))).toBeGreaterThan(10);
      await EventStreams.use(system, async (streams) => streams.add(choices.shuffled(await streams.events())));
      await areConsumed();
      expect(await effects()).toEqual(before);
    },
    240_000,
  );

  it('may reach a consumer in any order in which each key has its own: the log has each once, and is whole', async () => {
    const choices = choicesOf(1);
    const [audit, second] = system.processesOf('audit');
    await withstand(system, async (load) => {
      await decideMore(load, 50);
      for (const process of [audit, second]) process?.pause();
      try {
        await EventStreams.use(system, async (streams) => {
          await comesTrue(async () => (await streams.unreadBy('audit')).length >= 100, 'a backlog');
          await comesTrue(() => streams.reorder('audit', choices), 'another order');
        });
      } finally {
        for (const process of [audit, second]) process?.resume();
      }
      await decideMore(load, 50);
    });
  }, 240_000);
});
