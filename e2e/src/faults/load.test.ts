import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { REVIEWER_TOKEN } from '../support/rest.js';
import { RunningServer } from '../support/running-server.js';
import { DOCTORINGS } from './doctored-evidence.js';
import { type Evidence, gatherEvidence } from './evidence.js';
import { type Load, runLoad } from './load.js';
import { judge } from './verdict.js';

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start({ eval: 'true', limits__public_requests_per_second: '1000' });
}, 60_000);
afterAll(() => server.remove());

function inDatabase<T>(work: (file: Database.Database) => T): T {
  const file = new Database(`${server.dataFolder}/expacti.db`);
  try {
    return work(file);
  } finally {
    file.close();
  }
}

async function deadLetters(): Promise<string[]> {
  const query = 'SELECT group_name, type, error FROM messaging_dead_letters';
  const rows = inDatabase((file) => file.prepare(query).all()) as Record<string, string>[];
  return rows.map(({ group_name, type, error }) => `${group_name} gave up ${type}: ${error}`);
}

/** While the server is down, the deadlines of all that waits move to the past. */
const letDeadlinesPass = () =>
  inDatabase((file) =>
    file.prepare("UPDATE approvals_requests SET deadline_at = created_at + 1 WHERE status = 'pending'").run(),
  );

/** Looks now and then: the load needs the turns of the event loop more than this. */
const comesTrue = (condition: () => boolean, description: string) =>
  eventually(() => after(10).then(condition), description, 60_000);

async function decideMore(load: Load, more: number): Promise<void> {
  const enough = load.decided + more;
  await comesTrue(() => load.decided >= enough, `${more} more decisions`);
}

let evidence: Evidence;

describe('agents and reviewers at work while the server is killed', () => {
  it('lose nothing, and saw nothing that cannot have happened', async () => {
    // One server under two names: what is asked here is answered there.
    const urls = [server.url, server.url.replace('127.0.0.1', 'localhost')];
    const system = { urls, ownerToken: REVIEWER_TOKEN };
    const load = { ...system, agents: 20, reviewers: 3, perSecond: 100, mix: { left: 0.5 }, clocksJump: true };
    const record = await runLoad(load, async (running) => {
      await decideMore(running, 120);
      await server.kill();
      await server.launch();
      await decideMore(running, 120);
      running.pause();
      await comesTrue(
        () => running.stories.every(({ commandIds }) => commandIds.size > 0),
        'an answer to every submission',
      );
      await server.kill();
      letDeadlinesPass();
      await server.launch();
    });
    evidence = await gatherEvidence({ ...system, record, deadLetters });
    expect(await judge(evidence)).toEqual([]);

    // It was a load: every kind of end occurred, people raced, and answers were cut off.
    const { stories, history, figures } = record;
    const sources = new Set(stories.map(({ heard }) => heard?.source));
    expect([...sources].sort()).toEqual(['cancelled', 'reviewer', 'rule', 'timeout']);
    const calls = stories.flatMap(({ name }) => history.callsOf(name));
    expect(calls.filter(({ answered }) => answered?.answer.kind === 'already_closed')).not.toEqual([]);
    const cutOff = calls.filter(({ asked, answered }) => answered === null && ['submit', 'vote'].includes(asked.kind));
    expect(cutOff).not.toEqual([]);
    expect(figures.reconnections).toBeGreaterThan(0);
    // Nobody had to ask for what a living socket should have told.
    expect(figures.heardByAsking).toBe(0);
  }, 120_000);
});

describe('the verdict on that load', () => {
  it.each(DOCTORINGS)('would not pass over $what', async ({ doctor, expected }) => {
    const found = await judge(doctor(evidence));
    expect([...new Set(found.map(({ kind }) => kind))].sort()).toEqual([...expected].sort());
    // Whoever reads it knows where to look.
    for (const { about, says } of found)
      expect([about, says]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
  });
});
