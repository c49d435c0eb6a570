import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, type Frame } from './support/agent.js';
import { type Answer, caller, REVIEWER_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

const ROUNDS = 5;
const SOCKETS = 4;
/** Submissions of one socket that wait for their answers at once. */
const DEPTH = 20;

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start({
    eval: 'true',
    limits__submissions_per_second: '100000',
    limits__submission_burst: '100000',
  });
}, PATIENCE_MS);
afterAll(() => server.remove());

const owner = () => caller(server.url, REVIEWER_TOKEN);

/** Millisecond of the machine's clock; the server reads the same one. */
const clock = (): number => Date.now();

interface Submitted {
  sentAt: number;
  /** Undefined while there is no answer. */
  answer?: Frame;
}

/** Sockets and REST calls of one agent that submit the same command as fast as it is answered. */
class Stream {
  readonly submitted: Submitted[] = [];
  readonly #agents: Agent[] = [];
  #goesOn = true;
  #answered = 0;

  constructor(
    private readonly token: string,
    private readonly command: string,
  ) {}

  async open(): Promise<this> {
    for (let socket = 0; socket < SOCKETS; socket += 1) {
      const agent = await Agent.connect(server.url, this.token);
      const byRef = new Map<string, Submitted>();
      const submit = () => {
        const entry = { sentAt: clock() };
        this.submitted.push(entry);
        byRef.set(agent.submit(this.command), entry);
      };
      agent.socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as Frame;
        const entry = byRef.get(frame.ref as string);
        if (!entry) return;
        byRef.delete(frame.ref as string);
        this.#note(entry, frame);
        if (this.#goesOn) submit();
      });
      for (let one = 0; one < DEPTH; one += 1) submit();
      this.#agents.push(agent);
    }
    for (let one = 0; one < 4; one += 1) void this.#poll();
    return this;
  }

  get answered(): number {
    return this.#answered;
  }

  /** Resolves when so many more were answered. */
  async more(count: number): Promise<void> {
    const until = this.#answered + count;
    while (this.#answered < until) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Sends no more and waits for what the server still has to say on each socket that is open. */
  async drain(): Promise<void> {
    for (const agent of this.#agents) {
      if (agent.closeCode !== undefined) continue;
      agent.send({ type: 'ping', at: 'end' });
      await agent.next(({ type, at }) => type === 'pong' && at === 'end').catch(() => undefined);
    }
    this.#goesOn = false;
    for (const agent of this.#agents) agent.close();
  }

  async #poll(): Promise<void> {
    const ask = caller(server.url, this.token);
    while (this.#goesOn) {
      const entry = { sentAt: clock() };
      this.submitted.push(entry);
      const { body }: Answer = await ask('POST', '/commands', { command: this.command });
      this.#note(entry, { ...body.decision, ...body, type: body.decision ? 'command.decided' : 'other' });
    }
  }

  #note(entry: Submitted, answer: Frame): void {
    entry.answer = answer;
    this.#answered += 1;
  }
}

const isAllowed = ({ answer }: Submitted): boolean =>
  answer?.type === 'command.decided' && answer.outcome === 'allowed';

/**
 * Tightens in the middle of a stream of allowed submissions. After the answer nothing is allowed any more: neither what
 * was sent later, nor, by the server's own time of decision, what was on its way.
 */
async function tightenUnder(stream: Stream, tighten: () => Promise<Answer>): Promise<void> {
  await stream.more(200);
  const answer = await tighten();
  const inForceAt = clock();
  expect([200, 204]).toContain(answer.status);
  await stream.more(100).catch(() => undefined);
  await stream.drain();
  const allowed = stream.submitted.filter(isAllowed);
  expect(allowed.length).toBeGreaterThanOrEqual(200);
  expect(allowed.filter(({ sentAt }) => sentAt > inForceAt)).toEqual([]);
  expect(allowed.filter(({ answer: decided }) => Date.parse(decided?.decided_at) > inForceAt)).toEqual([]);
  // The stream went on: there were submissions that could have been allowed.
  expect(stream.submitted.some(({ sentAt }) => sentAt > inForceAt)).toBe(true);
}

async function newAgent(name: string): Promise<{ id: string; token: string; tokenId: string }> {
  const made = await owner()('POST', '/agents', { name });
  const issued = await owner()('POST', `/agents/${made.body.id}/tokens`, { name });
  expect([made.status, issued.status]).toEqual([201, 201]);
  return { id: made.body.id, token: issued.body.token, tokenId: issued.body.id };
}

async function newRule(pattern: string, effect = 'allow'): Promise<string> {
  const made = await owner()('POST', '/rules', { effect, pattern_type: 'exact', pattern, scope: { type: 'global' } });
  expect(made.status).toBe(201);
  return made.body.id;
}

const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

describe('in the middle of a stream of allowed commands on several sockets', () => {
  it.each(rounds)('a rule that was deleted allows nothing once that is answered (round %i)', async (round) => {
    const command = `echo delete ${round}`;
    const id = await newRule(command);
    const { token } = await newAgent(`delete ${round}`);
    const stream = await new Stream(token, command).open();
    await tightenUnder(stream, () => owner()('DELETE', `/rules/${id}`));
  });

  it.each(rounds)('a deny rule that was added is in force once that is answered (round %i)', async (round) => {
    const command = `echo deny ${round}`;
    await newRule(command);
    const { token } = await newAgent(`deny ${round}`);
    const stream = await new Stream(token, command).open();
    await tightenUnder(stream, async () => {
      const body = { effect: 'deny', pattern_type: 'exact', pattern: command, scope: { type: 'global' } };
      const made = await owner()('POST', '/rules', body);
      return { ...made, status: made.status === 201 ? 200 : made.status };
    });
  });

  it.each(rounds)('a token that was revoked allows nothing once that is answered (round %i)', async (round) => {
    const command = `echo revoke ${round}`;
    await newRule(command);
    const { id, token, tokenId } = await newAgent(`revoke ${round}`);
    const stream = await new Stream(token, command).open();
    await tightenUnder(stream, () => owner()('DELETE', `/agents/${id}/tokens/${tokenId}`));
  });

  it('an agent that was suspended is allowed nothing once that is answered', async () => {
    const command = 'echo suspend';
    await newRule(command);
    const { id, token } = await newAgent('suspend');
    const stream = await new Stream(token, command).open();
    await tightenUnder(stream, () => owner()('POST', `/agents/${id}/suspend`, {}));
  });
});

describe('what may be remembered', () => {
  it('follows the org: a line that can change is allowed while it says so, and not afterwards', async () => {
    const command = 'echo $HOME';
    const choose = async (remember_dynamic: string) =>
      expect((await owner()('PATCH', '/org', { remember_dynamic })).status).toBe(200);
    await choose('yes');
    await newRule(command);
    const { token } = await newAgent('dynamic');
    const ask = caller(server.url, token);
    expect((await ask('POST', '/commands', { command })).body.status).toBe('allowed');
    const stream = await new Stream(token, command).open();
    await tightenUnder(stream, () => owner()('PATCH', '/org', { remember_dynamic: 'never' }));
    expect((await ask('POST', '/commands', { command })).body.status).not.toBe('allowed');
  });
});
