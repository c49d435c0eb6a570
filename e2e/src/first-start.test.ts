import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from './support/agent.js';
import { cookieOf } from './support/cookies.js';
import { type Answer, caller, REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { COMPOSITION, PATIENCE_MS, RunningServer } from './support/running-server.js';

const OWNER = { email: 'olivia@example.com', password: 'correct horse battery staple 9' };
const CSRF = { 'x-expacti-csrf': '1' };

let server: RunningServer;
beforeAll(async () => {
  server = await RunningServer.start({ limits__public_requests_per_second: '1000' });
}, PATIENCE_MS);
afterAll(() => server.remove());

const everybody = () => caller(server.url, null);
const setupToken = (): string => /\/app\/setup#token=(\S+)/.exec(server.output)?.[1] ?? '';
const setUp = (token: string, more: Record<string, unknown> = {}): Promise<Answer> =>
  everybody()('POST', '/auth/setup', { token, ...OWNER, name: 'Olivia', org_name: 'Acme', ...more });
const signIn = (more: Partial<typeof OWNER> = {}) => everybody()('POST', '/auth/login', { ...OWNER, ...more });
const withCookie = (path: string, cookie: string, headers: Record<string, string> = CSRF): Promise<Answer> =>
  everybody()('POST', path, undefined, { cookie, ...headers });

describe('the first start', () => {
  it('prints a link to make the first owner, also kept in a file that only the own user reads', async () => {
    // The server is ready before the words about it are read here.
    expect(await eventually(setupToken, 'a link')).toMatch(/^setup_/);
    expect(readFileSync(join(server.dataFolder, 'setup-token'), 'utf8').trim()).toBe(setupToken());
  });

  it('leaves no file that another user could read', () => {
    const files = readdirSync(server.dataFolder);
    // Processes that share a database are given the key; one that stands alone makes it.
    const kept = COMPOSITION === 'standalone' ? ['expacti.db', 'master.key', 'setup-token'] : ['setup-token'];
    expect(files).toEqual(expect.arrayContaining(kept));
    for (const file of files) {
      const mode = statSync(join(server.dataFolder, file)).mode & 0o777;
      expect([file, mode.toString(8)]).toEqual([file, '600']);
    }
  });

  it('knows no default password and no demo token', async () => {
    for (const token of [REVIEWER_TOKEN, SHELL_TOKEN])
      expect((await caller(server.url, token)('GET', '/auth/me')).status).toBe(401);
    expect((await signIn({ email: 'admin@example.com', password: 'admin' })).status).toBe(401);
    expect((await everybody()('GET', '/auth/methods')).body).toEqual({
      password: true,
      eval: false,
      setup_required: true,
    });
  });

  it('refuses a guessed link and a poor password, and makes the owner by the right one, once', async () => {
    expect((await setUp('setup_guess')).status).toBe(401);
    expect((await setUp(setupToken(), { password: 'short' })).body.code).toBe('INVALID');
    const made = await setUp(setupToken());
    expect([made.status, made.body.user.roles]).toEqual([201, ['owner']]);
    const owner = caller(server.url, made.body.access_token);
    expect((await owner('GET', '/auth/me')).body).toMatchObject({
      user: { email: OWNER.email },
      org: { name: 'Acme', eval: false, one_person_approval: false },
    });
    const again = await setUp(setupToken(), { email: 'mallory@example.com' });
    expect([again.status, again.body.code]).toEqual([409, 'SETUP_DONE']);
  });

  it('is over: the next start offers no link, and its file is gone', async () => {
    expect(await server.stop()).toBe(0);
    await server.launch();
    expect(server.output).not.toContain('/app/setup');
    expect(readdirSync(server.dataFolder)).not.toContain('setup-token');
    expect((await everybody()('GET', '/auth/methods')).body.setup_required).toBe(false);
  });
});

describe('signing in', () => {
  it('takes the right password alone, and tells strangers nothing', async () => {
    const wrong = await signIn({ password: 'correct horse battery staple 8' });
    const nobody = await signIn({ email: 'nobody@example.com' });
    expect([wrong.status, wrong.body]).toEqual([401, nobody.body]);
    const right = await signIn();
    expect([right.status, right.body.expires_in]).toEqual([200, 900]);
    expect(JSON.stringify(right.body)).not.toContain('refresh');
    expect(right.headers.get('cache-control')).toBe('no-store');
  });

  it('keeps the refresh token where no script and no other site finds it', async () => {
    const { pair, attributes } = cookieOf((await signIn()).headers);
    expect(pair).toMatch(/^expacti_refresh=\S{20,}$/);
    expect(attributes).toEqual(
      expect.arrayContaining([
        'httponly',
        'samesite=strict',
        'path=/api/v1/auth',
        expect.stringMatching(/^max-age=\d+$/),
      ]),
    );
    // Over http there is no Secure; it comes with an https public_url.
    expect(attributes).not.toContain('secure');
  });

  it('is renewed by the cookie together with a header that other sites cannot send', async () => {
    const { pair } = cookieOf((await signIn()).headers);
    expect((await withCookie('/auth/refresh', pair, {})).status).toBe(403);
    const foreign = await withCookie('/auth/refresh', pair, { ...CSRF, origin: 'https://evil.example' });
    expect(foreign.body.code).toBe('ORIGIN_REFUSED');
    expect((await everybody()('POST', '/auth/refresh', undefined, CSRF)).status).toBe(401);
    const renewed = await withCookie('/auth/refresh', pair);
    expect(renewed.status).toBe(200);
    expect(cookieOf(renewed.headers).pair).not.toBe(pair);
    expect((await caller(server.url, renewed.body.access_token)('GET', '/auth/me')).status).toBe(200);
  });

  it('survives a restart', async () => {
    const signedIn = await signIn();
    const { pair } = cookieOf(signedIn.headers);
    expect(await server.stop()).toBe(0);
    await server.launch();
    expect((await caller(server.url, signedIn.body.access_token)('GET', '/auth/me')).status).toBe(200);
    expect((await withCookie('/auth/refresh', pair)).status).toBe(200);
  });

  it('ends by signing out: token and cookie are worth nothing at the next call', async () => {
    const signedIn = await signIn();
    const { pair } = cookieOf(signedIn.headers);
    expect((await withCookie('/auth/logout', pair, {})).status).toBe(403);
    const out = await withCookie('/auth/logout', pair);
    expect(out.status).toBe(204);
    const cleared = cookieOf(out.headers);
    expect([cleared.pair, cleared.attributes.includes('max-age=0')]).toEqual(['expacti_refresh=', true]);
    expect((await caller(server.url, signedIn.body.access_token)('GET', '/auth/me')).status).toBe(401);
    expect((await withCookie('/auth/refresh', pair)).status).toBe(401);
  });

  it('sends the cookie over https only where that is the public address', async () => {
    expect(await server.stop()).toBe(0);
    await server.launch({ public_url: 'https://expacti.example.com' });
    const { attributes } = cookieOf((await signIn()).headers);
    expect(attributes).toContain('secure');
    expect(await server.stop()).toBe(0);
    await server.launch();
  });
});

describe('data of an evaluation', () => {
  it(
    'are closed to the published tokens once evaluation mode is off',
    async () => {
      const evaluation = await RunningServer.start();
      try {
        const reviewer = () => caller(evaluation.url, REVIEWER_TOKEN)('GET', '/auth/me');
        expect((await reviewer()).status).toBe(200);
        expect(await evaluation.stop()).toBe(0);
        await evaluation.launch({ eval: 'false' });
        expect((await reviewer()).status).toBe(401);
        expect((await caller(evaluation.url, SHELL_TOKEN)('POST', '/commands', { command: 'id' })).status).toBe(401);
        const agent = await Agent.connect(evaluation.url, SHELL_TOKEN);
        expect([agent.welcome.code, await agent.closed()]).toEqual(['UNAUTHENTICATED', 4401]);
        expect((await caller(evaluation.url, null)('GET', '/auth/methods')).body.eval).toBe(false);
      } finally {
        await evaluation.remove();
      }
    },
    PATIENCE_MS,
  );
});
