import { join } from 'node:path';
import { type Configuration, Configuration as ConfigurationSchema } from '@expacti/platform';
import { eventually, type PostgresServer, startPostgres, temporaryFolder } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import pg from 'pg';
import { startServer } from '../standalone-server.js';
import { copyDatabase } from './copy-database.js';

let postgres: PostgresServer;
let folder: ReturnType<typeof temporaryFolder>;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = temporaryFolder('expacti-copy');
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  folder.remove();
});

const configuration = (databaseUrl?: string): Configuration =>
  ConfigurationSchema.parse({
    port: 0,
    eval: true,
    log_level: 'silent',
    data_dir: folder.path,
    ...(databaseUrl === undefined ? {} : { database_url: databaseUrl }),
  });

const caller =
  (url: string, token: string) =>
  async (method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

type Rows = Record<string, unknown>[];

/** An installation with a rule, decided and pending commands, and its history. */
async function furnish(): Promise<{ pending: string; allowed: string }> {
  const server = await startServer(configuration());
  const review = caller(server.url, 'demo-reviewer-token');
  const ask = caller(server.url, 'demo-shell-token');
  const rule = { effect: 'allow', pattern_type: 'exact', pattern: 'echo known', scope: { type: 'global' } };
  expect((await review('POST', '/rules', rule)).status).toBe(201);
  expect((await review('PATCH', '/org', { timeout: { action: 'hold', seconds: 3_600 } })).status).toBe(200);
  const allowed = await ask('POST', '/commands', { command: 'echo known' });
  expect(allowed.body.status).toBe('allowed');
  const pending = await ask('POST', '/commands', {
    command: 'make ümläut "\u2028" – 世界',
    context: { nul: 'no', list: [null, 1.5] },
  });
  expect(pending.body.status).toBe('pending');
  const recorded = async () => ((await review('GET', '/commands')).body.data as Rows).length === 2;
  await eventually(recorded, 'the history');
  await server.close();
  return { pending: pending.body.id as string, allowed: allowed.body.id as string };
}

const source = () => `sqlite:${join(folder.path, 'expacti.db')}`;

describe('a copied installation', () => {
  let ids: Awaited<ReturnType<typeof furnish>>;
  let target: string;
  beforeAll(async () => {
    ids = await furnish();
    target = await postgres.createDatabase();
  }, 60_000);

  it('has every row and every audit chain, verified where it lies now', async () => {
    const report = await copyDatabase(source(), target);
    const file = new Database(join(folder.path, 'expacti.db'), { readonly: true });
    const client = new pg.Client({ connectionString: target });
    await client.connect();
    expect(report.tables.length).toBeGreaterThan(20);
    for (const { name, rows } of report.tables) {
      const kept = (file.prepare(`SELECT count(*) AS n FROM "${name}"`).get() as { n: number }).n;
      const { rows: found } = await client.query(`SELECT count(*)::int AS n FROM "${name}"`);
      const carried = name === 'outbox_events' ? report.undelivered : 0;
      expect([name, rows, found[0].n]).toEqual([name, kept, kept + carried]);
    }
    expect(report.chains).toEqual([{ org: expect.stringMatching(/^org_/), entries: expect.any(Number) }]);
    expect(report.chains[0]?.entries).toBeGreaterThan(5);
    await client.end();
    file.close();
  }, 60_000);

  it('goes on on PostgreSQL where it was', async () => {
    const server = await startServer(configuration(target));
    const review = caller(server.url, 'demo-reviewer-token');
    const ask = caller(server.url, 'demo-shell-token');
    expect((await ask('POST', '/commands', { command: 'echo known' })).body.status).toBe('allowed');
    expect((await ask('GET', `/commands/${ids.allowed}`)).body).toMatchObject({ status: 'allowed' });
    const [waiting] = (await review('GET', '/approvals?status=pending')).body.data as Rows;
    expect(waiting).toMatchObject({ command_id: ids.pending, command: 'make ümläut "\u2028" – 世界' });
    const seen = { version: waiting?.version, command_sha256: waiting?.command_sha256 };
    expect((await review('POST', `/approvals/${waiting?.id}/approve`, seen)).status).toBe(200);
    const granted = await ask('POST', `/commands/${ids.pending}/start`, {});
    expect(granted.body).toMatchObject({ status: 'allowed', decision: { receipt: expect.stringMatching(/^ey/) } });
    const started = async () => ((await review('GET', '/audit?action=command.started')).body.data as Rows).length === 1;
    await eventually(started, 'the audit entry');
    await server.close();
  }, 60_000);

  it('is not made where data is already, and nothing is changed there', async () => {
    await expect(copyDatabase(source(), target)).rejects.toThrow('holds data already');
  });

  it('is not made while a server writes to the source; then the target stays empty', async () => {
    const empty = await postgres.createDatabase();
    const busy = new Database(join(folder.path, 'expacti.db'));
    const write = setInterval(() => busy.exec("UPDATE identity_orgs SET name = name || '.'"), 1);
    await expect(copyDatabase(source(), empty)).rejects.toThrow('stop the server');
    clearInterval(write);
    busy.close();
    const client = new pg.Client({ connectionString: empty });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS n FROM identity_orgs');
    await client.end();
    expect(rows).toEqual([{ n: 0 }]);
  }, 60_000);

  it('is not made of a chain that somebody has changed', async () => {
    const empty = await postgres.createDatabase();
    const file = new Database(join(folder.path, 'expacti.db'));
    file.exec('DROP TRIGGER audit_entries_refuse_update');
    file.exec("UPDATE audit_entries SET action = 'x' WHERE sequence = 2");
    file.close();
    await expect(copyDatabase(source(), empty)).rejects.toThrow('broken at entry 2');
  }, 60_000);
});
