import { AGENT_PERMISSIONS, ROLE_PERMISSIONS, ROUTES, type RoleName, type Route } from '@expacti/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { Agent } from './support/agent.js';
import { type Caller, caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

const PASSWORD = 'a long enough pass phrase 7';
const NOBODY = '00000000000000000000000000';

let server: RunningServer;
const tokens = {} as Record<RoleName, string>;

beforeAll(async () => {
  server = await RunningServer.start({ eval: 'true', limits__public_requests_per_second: '1000' });
  const owner = caller(server.url, REVIEWER_TOKEN);
  for (const role of ['owner', 'admin', 'reviewer', 'auditor'] as const) {
    const email = `${role}@example.com`;
    const invited = await owner('POST', '/users', { email, name: role, roles: [role] });
    expect(invited.status).toBe(201);
    const everybody = caller(server.url, null);
    expect(
      (await everybody('POST', '/auth/invitation', { token: invited.body.invitation_token, password: PASSWORD }))
        .status,
    ).toBe(200);
    const signedIn = await everybody('POST', '/auth/login', { email, password: PASSWORD });
    expect(signedIn.status).toBe(200);
    tokens[role] = signedIn.body.access_token;
  }
}, PATIENCE_MS);
afterAll(() => server.remove());

/** A call that gets past authorization and changes nothing: ids that name nothing, a body that no route takes. */
function probe(call: Caller, name: string, route: Route) {
  const prefixes: Record<string, string> = {
    commands: 'cmd',
    approvals: 'apr',
    rules: 'rule',
    targets: 'tgt',
    agents: 'agt',
    sessions: 'ses',
    users: 'usr',
  };
  const area = route.path.split('/')[1] ?? '';
  const path = route.path
    .replace('{token_id}', `tok_${NOBODY}`)
    .replace(
      '{id}',
      `${name.includes('uggestion') ? 'sug' : area === 'target-groups' ? 'grp' : prefixes[area]}_${NOBODY}`,
    );
  return call(
    route.method,
    path,
    route.method === 'GET' || route.method === 'DELETE' ? undefined : { no_such_field: true },
  );
}

const routes = Object.entries(ROUTES as Record<string, Route>).filter(([name]) => name !== 'logout');

describe('every route', () => {
  it.each(routes)('%s lets in exactly whom it declares', async (name, route) => {
    const isPublic = route.access === 'public';
    // The refresh route is open to all and then asks for its cookie.
    if (name !== 'refresh') {
      const { status } = await probe(caller(server.url, null), name, route);
      expect([name, 'nobody', status === 401]).toEqual([name, 'nobody', !isPublic]);
    }
    if (isPublic) return;
    expect((await probe(caller(server.url, 'shell_00000000000000000000000000000000'), name, route)).status).toBe(401);
    const allowed = (held: readonly string[]) =>
      route.access === 'signed-in' || (route.access as string[]).some((permission) => held.includes(permission));
    for (const role of Object.keys(tokens) as RoleName[]) {
      const { status } = await probe(caller(server.url, tokens[role]), name, route);
      expect([name, role, status !== 403]).toEqual([name, role, allowed(ROLE_PERMISSIONS[role])]);
    }
    const asAgent = await probe(caller(server.url, SHELL_TOKEN), name, route);
    expect([name, 'agent', asAgent.status !== 403]).toEqual([
      name,
      'agent',
      route.access !== 'signed-in' && allowed(AGENT_PERMISSIONS),
    ]);
  });
});

describe('the sockets', () => {
  const admitted = (token: string | undefined): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = io(`${server.url}/reviewer`, {
        auth: token === undefined ? {} : { token },
        transports: ['websocket'],
        reconnection: false,
      });
      socket.on('connect', () => resolve(!!socket.disconnect()));
      socket.on('connect_error', () => resolve(!socket.disconnect()));
    });

  it('show the queue to people who may read it, and to nobody else', async () => {
    for (const role of Object.keys(tokens) as RoleName[])
      expect([role, await admitted(tokens[role])]).toEqual([role, true]);
    expect(await admitted(SHELL_TOKEN)).toBe(false);
    expect(await admitted('nope')).toBe(false);
    expect(await admitted(undefined)).toBe(false);
  });

  it('take agents on the agent socket, and no person', async () => {
    for (const token of [tokens.owner, REVIEWER_TOKEN, 'nope']) {
      const refused = await Agent.connect(server.url, token);
      expect(refused.welcome.type).toBe('error');
      expect([4401, 4403]).toContain(await refused.closed());
    }
  });
});

describe('standing that ends', () => {
  it('is over at the next call, and closes the sockets: a person without a role, a person who signed out', async () => {
    const owner = caller(server.url, REVIEWER_TOKEN);
    const users = (await owner('GET', '/users')).body.data as { id: string; email: string }[];
    const auditor = users.find(({ email }) => email === 'auditor@example.com');
    const socket = io(`${server.url}/reviewer`, {
      auth: { token: tokens.auditor },
      transports: ['websocket'],
      reconnection: false,
    });
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', () => resolve());
      socket.on('connect_error', reject);
    });
    const closed = new Promise<void>((resolve) => void socket.on('disconnect', () => resolve()));
    expect((await owner('PATCH', `/users/${auditor?.id}`, { active: false })).status).toBe(200);
    expect((await caller(server.url, tokens.auditor)('GET', '/audit')).status).toBe(401);
    await closed;
  });

  it('is over at once for a suspended agent', async () => {
    const owner = caller(server.url, REVIEWER_TOKEN);
    const made = await owner('POST', '/agents', { name: 'to be suspended' });
    const issued = await owner('POST', `/agents/${made.body.id}/tokens`, { name: 'one' });
    await owner('POST', '/rules', {
      effect: 'allow',
      pattern_type: 'exact',
      pattern: 'echo still',
      scope: { type: 'global' },
    });
    const agent = await Agent.connect(server.url, issued.body.token);
    expect((await agent.decided(agent.submit('echo still'))).outcome).toBe('allowed');
    expect((await owner('POST', `/agents/${made.body.id}/suspend`, {})).status).toBe(200);
    expect((await caller(server.url, issued.body.token)('POST', '/commands', { command: 'echo still' })).status).toBe(
      401,
    );
    expect(await agent.closed()).toBe(4401);
    expect((await owner('POST', `/agents/${made.body.id}/resume`, {})).status).toBe(200);
    expect((await Agent.connect(server.url, issued.body.token)).welcome.type).toBe('welcome');
  });
});

describe('what belongs to one agent', () => {
  it('does not exist for another one', async () => {
    const owner = caller(server.url, REVIEWER_TOKEN);
    const made = await owner('POST', '/agents', { name: 'the other' });
    const issued = await owner('POST', `/agents/${made.body.id}/tokens`, { name: 'one' });
    const mine = await Agent.connect(server.url, SHELL_TOKEN);
    const pending = await mine.answer(mine.submit('echo mine'));
    const other = await Agent.connect(server.url, issued.body.token);
    for (const type of ['command.status', 'command.start', 'command.cancel'])
      other.send({ type, command_id: pending.command_id });
    other.send({ type: 'command.result', command_id: pending.command_id, exit_code: 0, duration_ms: 1 });
    await other.next(() => other.frames.filter(({ code }) => code === 'NOT_FOUND').length === 4);
    const stolen = await Agent.connect(server.url, issued.body.token, { session_id: mine.welcome.session_id });
    expect(stolen.welcome).toMatchObject({ type: 'error', code: 'NOT_FOUND' });
  });

  it('is what its token covers: another shell, target or kind is refused', async () => {
    const owner = caller(server.url, REVIEWER_TOKEN);
    expect((await owner('POST', '/targets', { name: 'web-1' })).status).toBe(201);
    expect((await owner('POST', '/targets', { name: 'db-1' })).status).toBe(201);
    const made = await owner('POST', '/agents', { name: 'narrow' });
    const issued = await owner('POST', `/agents/${made.body.id}/tokens`, {
      name: 'n',
      targets: ['web-1'],
      shells: ['bash'],
      kinds: ['command'],
    });
    const ask = caller(server.url, issued.body.token);
    expect((await ask('POST', '/commands', { command: 'id', target: 'web-1' })).status).toBe(202);
    expect((await ask('POST', '/commands', { command: 'id' })).body.target).toBe('web-1');
    for (const claim of [{ target: 'db-1' }, { shell: 'dash' }])
      expect((await ask('POST', '/commands', { command: 'id', ...claim })).body.code).toBe('CLAIM_OUTSIDE_TOKEN');
    expect((await ask('POST', '/commands', { kind: 'tool_call', tool: 't', arguments: {} })).body.code).toBe(
      'CLAIM_OUTSIDE_TOKEN',
    );
    expect((await ask('POST', '/commands', { command: 'id', target: 'nowhere' })).body.code).toBe('UNKNOWN_TARGET');
  });
});
