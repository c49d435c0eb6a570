import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CliContext, processContext } from '../context.js';
import { credentialsPath, historyPath } from './config-folder.js';
import { readCredentials, removeCredentials, writeCredentials } from './credentials.js';
import { withLock } from './lock.js';
import { chooseServer } from './server-url.js';

let folder: string;
let context: CliContext;
const withEnvironment = (more: Record<string, string>): CliContext => ({
  ...context,
  environment: { ...context.environment, ...more },
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'expacti-settings-'));
  context = {
    ...processContext({ json: false, url: undefined }),
    environment: { XDG_CONFIG_HOME: folder, HOME: '/home/me' },
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

const person = { access_token: 'token', expires_at: null, refresh_cookie: null, email: 'a@example.com' };

describe('credentials', () => {
  it('are kept where XDG says, for this user alone', async () => {
    const path = await writeCredentials(context, { url: 'https://a', person });
    expect(path).toBe(join(folder, 'expacti', 'credentials.json'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    await writeCredentials(context, { url: 'https://a', person });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readCredentials(context)).toEqual({ url: 'https://a', person });
    expect(readFileSync(path, 'utf8')).toContain('token');
  });

  it('can be absent, removed, and damaged', async () => {
    expect(await readCredentials(context)).toBeUndefined();
    expect(await removeCredentials(context)).toBe(false);
    const path = await writeCredentials(context, { url: 'https://a' });
    writeFileSync(path, '{');
    await expect(readCredentials(context)).rejects.toThrow('damaged');
    expect(await removeCredentials(context)).toBe(true);
    expect(await readCredentials(context)).toBeUndefined();
  });

  it('a relative XDG folder is ignored', () => {
    expect(credentialsPath(withEnvironment({ XDG_CONFIG_HOME: 'x' }))).toBe(
      '/home/me/.config/expacti/credentials.json',
    );
    expect(historyPath(withEnvironment({ XDG_STATE_HOME: '/s' }))).toBe('/s/expacti/shell-history');
  });
});

describe('the server', () => {
  it('is what --url says, then EXPACTI_URL, then where one signed in, then this machine', async () => {
    expect((await chooseServer(context)).url).toBe('http://127.0.0.1:3001');
    await writeCredentials(context, { url: 'https://a', person });
    expect(await chooseServer(context)).toEqual({ url: 'https://a', credentials: { url: 'https://a', person } });
    expect((await chooseServer(withEnvironment({ EXPACTI_URL: 'https://b/' }))).url).toBe('https://b');
    expect((await chooseServer({ ...withEnvironment({ EXPACTI_URL: 'https://b' }), url: 'https://c' })).url).toBe(
      'https://c',
    );
  });

  it('gets no token that was given for another', async () => {
    await writeCredentials(context, { url: 'https://a', person });
    expect((await chooseServer({ ...context, url: 'https://b' })).credentials).toBeUndefined();
  });
});

describe('withLock', () => {
  it('lets one at a time work, and gives the lock back after a failure', async () => {
    const order: string[] = [];
    const work = (name: string) =>
      withLock(context, async () => {
        order.push(`${name} in`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} out`);
        if (name === 'a') throw new Error('failed');
      });
    const [first] = await Promise.allSettled([work('a'), work('b')]);
    expect(first?.status).toBe('rejected');
    // Either may be first, but neither is in while the other is.
    const [one, other] = order[0] === 'a in' ? ['a', 'b'] : ['b', 'a'];
    expect(order).toEqual([`${one} in`, `${one} out`, `${other} in`, `${other} out`]);
  });
});
