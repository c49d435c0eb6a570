import { createHash } from 'node:crypto';
import { verifyChain } from '@expacti/crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, type Frame } from './support/agent.js';
import { caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { COMPOSITION, PATIENCE_MS, RunningServer } from './support/running-server.js';

/** Fewer of the distributed system, which takes longer to come up; faults/ kills its services one by one. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? (COMPOSITION === 'distributed' ? 3 : 8));
const COMMANDS = 200;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start({ eval: 'true', limits__public_requests_per_second: '1000' });
  const org = await caller(server.url, REVIEWER_TOKEN)('PATCH', '/org', {
    pending_limit: 10_000,
    timeout: { action: 'hold', seconds: 3600 },
  });
  expect(org.status).toBe(200);
}, PATIENCE_MS);
afterAll(() => server.remove());

interface Told {
  /** Commands that the agent was told are pending. */
  pending: Map<string, string>;
  /** Votes that were answered with 200: approval → outcome. */
  votes: Map<string, string>;
  /** Command → the receipt that came with it. */
  receipts: Map<string, string>;
  /** Command → outcome, as the agent was told. */
  decided: Map<string, string>;
}

/** Submits and votes as fast as it goes until the server is gone; remembers every promise that the server made. */
async function pressUntilKilled(round: number, killAfter: number): Promise<Told> {
  const told: Told = { pending: new Map(), votes: new Map(), receipts: new Map(), decided: new Map() };
  const review = caller(server.url, REVIEWER_TOKEN);
  const agent = await Agent.connect(server.url, SHELL_TOKEN);
  const votes: Promise<void>[] = [];
  let seen = 0;
  const onFrame = (frame: Frame) => {
    if (frame.type === 'command.decided') {
      told.decided.set(frame.command_id as string, frame.outcome as string);
      if (frame.receipt) told.receipts.set(frame.command_id as string, frame.receipt as string);
    }
    if (frame.type !== 'command.pending') return;
    seen += 1;
    const command = `echo crash-${round}-${String(frame.ref).slice(1)}`;
    told.pending.set(frame.command_id as string, command);
    const verb = seen % 3 === 0 ? 'deny' : 'approve';
    const vote = review('POST', `/approvals/${frame.approval_id}/${verb}`, {
      version: 1,
      command_sha256: sha256(command),
    });
    votes.push(
      vote.then(
        ({ status }) =>
          void (
            status === 200 && told.votes.set(frame.command_id as string, verb === 'approve' ? 'allowed' : 'denied')
          ),
        () => undefined,
      ),
    );
    if (seen === killAfter) void server.kill();
  };
  agent.socket.on('message', (data) => onFrame(JSON.parse(String(data)) as Frame));
  for (let index = 0; index < COMMANDS; index += 1) {
    agent.submit(`echo crash-${round}-${index + 1}`, { idempotency_key: `crash-${round}-${index + 1}` });
  }
  await agent.closed();
  await Promise.all(votes);
  return told;
}

async function allOf(path: string): Promise<Frame[]> {
  const found: Frame[] = [];
  const read = caller(server.url, REVIEWER_TOKEN);
  let cursor: string | null = null;
  do {
    const page = await read(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    expect(page.status).toBe(200);
    found.push(...page.body.data);
    cursor = page.body.next_cursor;
  } while (cursor);
  return found;
}

describe('kill -9 in the middle of submissions and votes', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    'loses nothing and decides nothing twice (round %i)',
    async (round) => {
      const told = await pressUntilKilled(round, 20 + ((round * 37) % 150));
      await server.launch();
      const asAgent = caller(server.url, SHELL_TOKEN);

      // Every command that was acknowledged is there; every acknowledged vote stands; what the agent heard is what is.
      for (const [id, command] of told.pending) {
        const found = await asAgent('GET', `/commands/${id}`);
        expect([id, found.status, found.body.command]).toEqual([id, 200, command]);
        const vote = told.votes.get(id);
        if (vote) expect([id, found.body.status]).toEqual([id, vote]);
        const heard = told.decided.get(id);
        if (heard) expect([id, found.body.status]).toEqual([id, heard]);
      }

      // A receipt that was delivered is the only one: a start is refused.
      for (const id of told.receipts.keys())
        expect((await asAgent('POST', `/commands/${id}/start`, {})).status).toBe(409);

      // An approved command whose receipt did not arrive gives it once, and once only.
      const started: string[] = [];
      for (const [id, outcome] of told.votes) {
        if (outcome !== 'allowed' || told.receipts.has(id)) continue;
        const first = await asAgent('POST', `/commands/${id}/start`, {});
        // 409: the right to it was recorded, and the process died before it was delivered.
        expect([200, 409]).toContain(first.status);
        if (first.status === 200) started.push(id);
        expect((await asAgent('POST', `/commands/${id}/start`, {})).status).toBe(409);
      }
      expect(new Set(started).size).toBe(started.length);

      // The same submissions again are the same commands.
      const again = await asAgent('POST', '/commands', {
        command: `echo crash-${round}-1`,
        idempotency_key: `crash-${round}-1`,
      });
      const known = [...told.pending].find(([, command]) => command === `echo crash-${round}-1`);
      if (known) expect(again.body.id).toBe(known[0]);
    },
    120_000,
  );

  it(
    'keeps every acknowledged decision exactly once in an unbroken audit chain',
    async () => {
      const deadline = Date.now() + 20_000;
      let entries: Frame[] = [];
      let missing: Frame[] = [];
      do {
        entries = (await allOf('/audit')).sort((a, b) => a.sequence - b.sequence);
        const closed = await allOf('/approvals?status=allowed');
        const audited = new Set(
          entries.filter(({ action }) => action === 'approval.closed').map(({ subject }) => subject.id),
        );
        missing = closed.filter(({ id }) => !audited.has(id));
      } while (missing.length > 0 && Date.now() < deadline);
      expect(missing).toEqual([]);
      expect(await verifyChain(entries as never)).toMatchObject({ ok: true, checked: entries.length });
      expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
      for (const action of ['approval.closed', 'approval.requested', 'command.submitted', 'command.started']) {
        const subjects = entries.filter((entry) => entry.action === action).map(({ subject }) => subject.id);
        expect([action, new Set(subjects).size]).toEqual([action, subjects.length]);
      }
    },
    PATIENCE_MS,
  );
});
