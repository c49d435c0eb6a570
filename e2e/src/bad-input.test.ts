import { connect } from 'node:net';
import { ERROR_CATALOGUE } from '@expacti/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { Agent } from './support/agent.js';
import { caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { COMPOSITION, PATIENCE_MS, RunningServer } from './support/running-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start();
}, PATIENCE_MS);
afterAll(() => server.remove());

const agent = () => caller(server.url, SHELL_TOKEN);
const owner = () => caller(server.url, REVIEWER_TOKEN);

/** Every refusal is problem+json with a code of the catalogue. */
async function refused(
  answer: Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>,
  code: keyof typeof ERROR_CATALOGUE,
) {
  const { status, body, headers } = await answer;
  expect([body.code, status]).toEqual([code, ERROR_CATALOGUE[code].status]);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({
    type: expect.stringMatching(/^urn:expacti:error:/),
    title: expect.any(String),
    status,
    retryable: expect.any(Boolean),
  });
  return body;
}

describe('a body that cannot be used', () => {
  it.each([
    ['{not json', 'MALFORMED_JSON'],
    ['"text"', 'INVALID'],
    ['null', 'INVALID'],
    ['[]', 'INVALID'],
    ['{"command":""}', 'INVALID'],
    ['{"command":5}', 'INVALID'],
    ['{"command":"id","surprise":1}', 'INVALID'],
    ['{"command":"id","cwd":"relative"}', 'INVALID'],
    ['{"command":"id","shell":"cmd.exe"}', 'INVALID'],
    ['{"command":"id\\ud800"}', 'INVALID'],
    ['{"kind":"tool_call","command":"id"}', 'INVALID'],
    ['{"kind":"file_transfer","direction":"sideways","paths":["/a"]}', 'INVALID'],
    [`{"command":"${'a'.repeat(200_001)}"}`, 'INVALID'],
    [`{"command":"${'a'.repeat(1_100_000)}"}`, 'TOO_LARGE'],
  ] as const)('%.40s → %s', async (body, code) => {
    await refused(agent()('POST', '/commands', body), code);
  });

  it('names each invalid field', async () => {
    const body = await refused(agent()('POST', '/commands', { command: 5, shell: 'x', extra: 1 }), 'INVALID');
    expect((body.errors as { path: string }[]).map(({ path }) => path).sort()).toEqual(['command', 'extra', 'shell']);
  });

  it('is refused for its media type, its bytes, or its nesting', async () => {
    await refused(
      agent()('POST', '/commands', 'command=id', { 'content-type': 'application/x-www-form-urlencoded' }),
      'UNSUPPORTED_MEDIA_TYPE',
    );
    const bytes = Buffer.concat([Buffer.from('{"command":"echo '), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const response = await fetch(`${server.url}/api/v1/commands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SHELL_TOKEN}`, 'content-type': 'application/json' },
      body: bytes,
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'MALFORMED_JSON']);
    await refused(
      agent()('POST', '/commands', `{"command":"id","context":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`),
      'INVALID',
    );
  });
});

describe('paths and queries that name nothing', () => {
  it.each([
    '/no/such',
    '/commands/x',
    '/commands/cmd_zzz',
    `/approvals/${encodeURIComponent("' or 1=1")}`,
    '/rules/%00',
    '/rules/%zz',
  ])('%s', async (path) => {
    const { status, body } = await owner()('GET', path);
    expect([path, status, body.code]).toEqual([path, 404, 'NOT_FOUND']);
  });

  it.each([
    '/approvals?limit=0',
    '/approvals?limit=201',
    '/approvals?limit=x',
    '/approvals?status=odd',
    '/approvals?surprise=1',
    '/approvals?cursor=forged',
    '/commands?since=yesterday',
  ])('%s', async (path) => {
    await refused(owner()('GET', path), 'INVALID');
  });
});

describe('frames that cannot be used', () => {
  it('are answered one by one, and harm nobody', async () => {
    const rude = await Agent.connect(server.url, SHELL_TOKEN);
    for (const frame of [
      '{',
      '[]',
      'null',
      '{"type":"no.such"}',
      '{"type":"command.submit","ref":"a"}',
      '{"type":"command.submit","ref":"b","command":"id","x":1}',
      '{"type":"hello","protocol":1,"client":{"name":"a","version":"1"}}',
      '{"type":"command.status","command_id":"cmd_1"}',
      '{"type":"__proto__"}',
    ])
      rude.send(frame);
    await rude.next(() => rude.frames.filter(({ type }) => type === 'error').length === 9);
    expect(rude.frames.find(({ ref }) => ref === 'b')).toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('x'),
    });
    rude.send({ type: 'ping', at: 7 });
    expect(await rude.next(({ type }) => type === 'pong')).toEqual({ type: 'pong', at: 7 });
  });

  it('end the connection when they are too large, binary or not UTF-8', async () => {
    const large = await Agent.connect(server.url, SHELL_TOKEN);
    large.send({ type: 'command.submit', ref: 'x', command: 'a'.repeat(1_048_576) });
    expect(await large.closed()).toBe(1009);
    const binary = await Agent.connect(server.url, SHELL_TOKEN);
    binary.socket.send(Buffer.from('{"type":"ping"}'));
    expect(await binary.closed()).toBe(1003);
    const invalid = await Agent.connect(server.url, SHELL_TOKEN);
    invalid.socket.send(Buffer.from([0x7b, 0xff]), { binary: false });
    expect(await invalid.closed()).toBe(1007);
  });

  it('get nothing before hello but an error', async () => {
    const stranger = await Agent.open(server.url);
    stranger.submit('id');
    expect(await stranger.next(({ type }) => type === 'error')).toMatchObject({ code: 'UNAUTHENTICATED' });
    stranger.close();
  });
});

describe('connections of strangers', () => {
  const handshake = (lines: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () =>
        socket.write(`${lines.join('\r\n')}\r\n\r\n`),
      );
      socket.once('data', (data) => {
        resolve(String(data).split('\r\n')[0] ?? '');
        socket.destroy();
      });
      socket.once('error', reject);
    });
  const upgrade = (path: string, ...headers: string[]) =>
    handshake([
      `GET ${path} HTTP/1.1`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    ]);

  it('from a web page of another origin are refused on both sockets', async () => {
    const host = `Host: ${new URL(server.url).host}`;
    expect(await upgrade('/ws/agent', host, 'Origin: https://evil.example')).toContain('403');
    expect(await upgrade('/ws/agent', host, `Origin: ${server.url}`)).toContain('101');
    expect(await upgrade('/socket.io/?EIO=4&transport=websocket', host, 'Origin: https://evil.example')).not.toContain(
      '101',
    );
    expect(await upgrade('/elsewhere', host)).toContain('404');
  });

  it('that rebind a name of their own to this address are refused in evaluation mode', async () => {
    expect(await upgrade('/ws/agent', 'Host: evil.example')).toContain('403');
    expect(await handshake(['GET /api/v1/auth/methods HTTP/1.1', 'Host: evil.example', 'Connection: close'])).toContain(
      '403',
    );
  });
});

// PostgreSQL has no lock that keeps every writer out; what a distributed installation does without it is in faults/.
const onSqlite = COMPOSITION === 'standalone' ? describe : describe.skip;

onSqlite('a database that cannot be written', () => {
  it(
    'refuses with 503 and allows nothing; afterwards everything goes on',
    async () => {
      const rule = { effect: 'allow', pattern_type: 'exact', pattern: 'echo locked', scope: { type: 'global' } };
      expect((await owner()('POST', '/rules', rule)).status).toBe(201);
      expect((await agent()('POST', '/commands', { command: 'echo locked' })).body.status).toBe('allowed');
      const intruder = new Database(`${server.dataFolder}/expacti.db`);
      intruder.exec('BEGIN EXCLUSIVE');
      try {
        const answer = await agent()('POST', '/commands', { command: 'echo locked' });
        expect([answer.status, answer.body.code, answer.body.decision]).toEqual([503, 'UNAVAILABLE', undefined]);
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      } finally {
        intruder.exec('ROLLBACK');
        intruder.close();
      }
      expect((await agent()('POST', '/commands', { command: 'echo locked' })).body.status).toBe('allowed');
    },
    PATIENCE_MS,
  );
});

describe('a write with an idempotency key', () => {
  it('happens once and answers the same again', async () => {
    const body = { name: 'made-once' };
    const first = await owner()('POST', '/agents', body, { 'idempotency-key': 'k1' });
    const again = await owner()('POST', '/agents', body, { 'idempotency-key': 'k1' });
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect(again.headers.get('idempotent-replay')).toBe('true');
    await refused(owner()('POST', '/agents', { name: 'other' }, { 'idempotency-key': 'k1' }), 'IDEMPOTENCY_CLASH');
  });
});
