import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Child } from './child.js';
import { eventually } from './eventually.js';
import { findPostgres } from './postgres/find-postgres.js';
import { untilGone } from './postgres/process-family.js';
import { type PostgresServer, startPostgres } from './start-postgres.js';
import { startTypeScript } from './start-typescript.js';

const run = promisify(execFile);
const servers: PostgresServer[] = [];
const started = async (options?: Parameters<typeof startPostgres>[0]): Promise<PostgresServer> => {
  const server = await startPostgres(options);
  servers.push(server);
  return server;
};

/** Asks by the server's own client, which knows nothing of our code. */
async function ask(url: string, sql: string): Promise<string> {
  const { stdout } = await run('psql', ['--no-psqlrc', '-At', '-v', 'ON_ERROR_STOP=1', '-c', sql, url], {
    env: { ...process.env, PGCONNECT_TIMEOUT: '2' },
    timeout: 5_000,
  });
  return stdout.trim();
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe('a PostgreSQL server of a test', () => {
  it('is careless unless it is to be durable, and takes settings', async () => {
    const [quick, durable] = await Promise.all([started(), started({ durable: true, settings: { work_mem: '5MB' } })]);
    const settings =
      "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('work_mem')";
    expect(await ask(quick.url(), settings)).toBe('off|off|4MB');
    expect(await ask(durable.url(), settings)).toBe('on|on|5MB');
  });

  it('makes databases of their own, and removes them while somebody is connected', async () => {
    const server = await started();
    const [one, two] = await Promise.all([server.createDatabase(), server.createDatabase()]);
    await ask(one, 'CREATE TABLE t (n int)');
    expect(await ask(two, "SELECT count(*) FROM pg_tables WHERE tablename = 't'")).toBe('0');
    const sleeping = ask(one, 'SELECT pg_sleep(60)').catch(() => 'cut off');
    const others = 'SELECT count(*) FROM pg_stat_activity WHERE query LIKE $$%pg_sleep(60)$$';
    await eventually(async () => (await ask(server.url(), others)) === '1');
    await server.dropDatabase(one);
    expect(await sleeping).toBe('cut off');
    await expect(ask(one, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  it('keeps what was committed when it is killed and when it is restarted', async () => {
    const server = await started({ durable: true });
    const first = server.pid;
    await ask(server.url(), 'CREATE TABLE t (n int); INSERT INTO t VALUES (1)');
    await server.kill();
    expect(() => server.pid).toThrow(/does not run/);
    await expect(ask(server.url(), 'SELECT 1')).rejects.toThrow(/refused/);
    await server.restart();
    await ask(server.url(), 'INSERT INTO t VALUES (2)');
    await server.restart();
    expect(await ask(server.url(), 'SELECT sum(n) FROM t')).toBe('3');
    expect(server.pid).not.toBe(first);
  });

  it('stands still while it is paused, and goes on', async () => {
    const server = await started();
    await server.pause();
    await expect(ask(server.url(), 'SELECT 1')).rejects.toThrow(/timeout/);
    await server.resume();
    expect(await ask(server.url(), 'SELECT 1')).toBe('1');
  });

  it('can be stopped while it is paused, and leaves nothing behind', async () => {
    const server = await started();
    const { pid } = server;
    const folder = await ask(server.url(), "SELECT current_setting('data_directory')");
    await server.pause();
    await server.stop();
    await server.stop();
    expect(existsSync(folder)).toBe(false);
    await untilGone([pid], 0);
  });

  it('says what it printed when it does not start', async () => {
    await expect(startPostgres({ settings: { shared_buffers: 'nonsense' } })).rejects.toThrow(/nonsense/);
    const taken = await started();
    await expect(startPostgres({ port: taken.port })).rejects.toThrow(/already in use/i);
  });

  it('does not outlive the process that started it, running or paused', async () => {
    const fixture = new URL('../fixtures/postgres-owner.ts', import.meta.url);
    const owners: Child[] = ['running', 'paused'].map((state) => startTypeScript(fixture, [state]));
    try {
      for (const owner of owners)
        await eventually(() => owner.lines.length > 0 || owner.exit !== undefined, owner.output, 20_000);
    } finally {
      await Promise.all(owners.map((owner) => owner.kill()));
    }
    for (const owner of owners) {
      const { pids, folder } = JSON.parse(owner.lines[0] ?? owner.output) as { pids: number[]; folder: string };
      expect(pids.length).toBeGreaterThan(3);
      await untilGone(pids);
      await eventually(() => !existsSync(folder));
    }
  });
});

describe('the programs of PostgreSQL', () => {
  it('are found where Debian keeps them, or their absence says what to install', () => {
    const empty = mkdtempSync(join(tmpdir(), 'no-postgres-'));
    expect(() => findPostgres({ PATH: empty }, empty)).toThrow(/apt-get install postgresql/);
    expect(() => findPostgres({}, join(empty, 'nowhere'))).toThrow(/apt-get install postgresql/);
    rmSync(empty, { recursive: true });
    expect(existsSync(join(findPostgres(), 'initdb'))).toBe(true);
  });
});
