import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../testkit/src/eventually.js';
import { type PostgresServer, startPostgres } from '../../../testkit/src/start-postgres.js';
import { startTypeScript } from '../../../testkit/src/start-typescript.js';
import { Note, note, noteIds, openNotes, row } from '../../fixtures/notes.js';
import { type Database, DatabaseUnavailable } from '../index.js';

let server: PostgresServer;
let url: string;
let database: Database;

const insert = (id: string) => database.transaction((manager) => manager.insert(Note, note(id)));
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const isWell = () =>
  database.ping().then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  // What is acknowledged must survive a crash; two who wait for each other are found out at once.
  server = await startPostgres({ durable: true, settings: { deadlock_timeout: '20ms' } });
});

afterAll(() => server.stop());

beforeEach(async () => {
  url = await server.createDatabase();
  database = await openNotes(url, { statementTimeoutMs: 500 });
});

afterEach(async () => {
  await database.close();
  await server.dropDatabase(url);
});

describe('a PostgreSQL server that is killed', () => {
  it('has kept everything that was acknowledged, and nothing by halves; the connections come back by themselves', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const target = acknowledged.length + 150;
      let killing: Promise<void> | undefined;
      const writer = async (name: string, write: (id: string) => Promise<unknown>): Promise<unknown> => {
        for (let n = 0; ; n += 1) {
          const id = `${round}-${name}-${n}`;
          const trouble = await failure(write(id));
          if (trouble !== undefined) return trouble;
          acknowledged.push(id);
          if (acknowledged.length >= target) killing ??= server.kill();
        }
      };
      const append = (id: string) => database.append('test_notes', [row(id), row(`${id} too`)]);
      const transact = (id: string) =>
        database.transaction(async (manager) => {
          await manager.insert(Note, note(id));
          await manager.insert(Note, note(`${id} too`));
        });
      const writers = Array.from({ length: 8 }, (_, n) => writer(`${n}`, n % 2 === 0 ? append : transact));
      for (const trouble of await Promise.all(writers)) expect(trouble).toBeInstanceOf(DatabaseUnavailable);
      await killing;
      await server.restart();
      await eventually(isWell);
    }
    const kept = new Set(await noteIds(database));
    expect(acknowledged.filter((id) => !kept.has(id) || !kept.has(`${id} too`))).toEqual([]);
    const halves = [...kept].filter((id) => !kept.has(id.endsWith(' too') ? id.slice(0, -4) : `${id} too`));
    expect(halves).toEqual([]);
  });

  it('is unavailable meanwhile, also to who opens the database, and is found again although nobody was asking', async () => {
    await insert('a');
    await server.kill();
    const attempts = [
      insert('b'),
      database.append('test_notes', [row('b')]),
      noteIds(database),
      database.ping(),
      openNotes(url),
    ].map(failure);
    for (const attempt of attempts) expect(await attempt).toBeInstanceOf(DatabaseUnavailable);
    await server.restart();
    await eventually(isWell);
    await server.restart();
    await eventually(isWell);
    expect(await noteIds(database)).toEqual(['a']);
  });
});

describe('a PostgreSQL server that stands still', () => {
  it('is unavailable within the bound, whatever is asked of it, and serves again afterwards', async () => {
    await Promise.all([insert('a'), database.append('test_notes', [row('b')]), noteIds(database)]);
    // With the limits of production: what takes no time is not waited for as long as a statement may take.
    const patient = await openNotes(url);
    const { promise: paused, resolve: isPaused } = Promise.withResolvers<void>();
    const committing = database.transaction(async (manager) => {
      await manager.insert(Note, note('c'));
      await server.pause();
      isPaused();
    });
    const unknown = failure(committing);
    await paused;
    const start = performance.now();
    const attempts = [
      insert('d'),
      database.append('test_notes', [row('e')]),
      noteIds(database),
      openNotes(url),
      patient.transaction(() => Promise.reject(new Error('it has begun'))),
      patient.ping(),
    ].map(failure);
    for (const attempt of attempts) expect(await attempt).toBeInstanceOf(DatabaseUnavailable);
    expect(performance.now() - start).toBeLessThan(8_000);
    expect(await unknown).toBeInstanceOf(DatabaseUnavailable);
    expect(String(await unknown)).toMatch(/may or may not be kept/);
    await server.resume();
    await eventually(isWell);
    await patient.close();
    await insert('f');
    expect(await noteIds(database)).toEqual(expect.arrayContaining(['a', 'b', 'f']));
  });
});

describe('a PostgreSQL connection that is lost', () => {
  const cutOthers = () =>
    database.read((manager) =>
      manager.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      ),
    );

  it('in the middle of a transaction, takes the transaction with it', async () => {
    const next = database.transaction(async (manager) => {
      await manager.insert(Note, note('a'));
      await cutOthers();
      await manager.insert(Note, note('b'));
    });
    expect(await failure(next)).toBeInstanceOf(DatabaseUnavailable);
    const last = database.transaction(async (manager) => {
      await manager.insert(Note, note('c'));
      await cutOthers();
      // The news comes by itself.
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    const trouble = await failure(last);
    expect(trouble).toBeInstanceOf(DatabaseUnavailable);
    expect(String(trouble)).toMatch(/rolled back/);
    await eventually(isWell);
    expect(await noteIds(database)).toEqual([]);
  });

  it('while nobody uses it, is not even noticed', async () => {
    await Promise.all([insert('a'), database.append('test_notes', [row('b')])]);
    await cutOthers();
    await eventually(isWell);
    await database.append('test_notes', [row('c')]);
    expect(await noteIds(database)).toEqual(['a', 'b', 'c']);
  });
});

describe('what takes too long on PostgreSQL', () => {
  it('is ended: a statement', async () => {
    const sleep = 'SELECT pg_sleep(30)';
    const attempts = [
      database.read((manager) => manager.query(sleep)),
      database.transaction(async (manager) => {
        await manager.insert(Note, note('a'));
        await manager.query(sleep);
      }),
    ].map(failure);
    for (const attempt of attempts) expect(String(await attempt)).toMatch(/57014.*took too long/);
    expect(await noteIds(database)).toEqual([]);
  });

  it('is ended: waiting for each other, and for a connection', async () => {
    await database.append('test_notes', [row('a'), row('b')]);
    const change = (first: string, second: string) =>
      database.transaction(async (manager) => {
        await manager.update(Note, { id: first }, { pinned: true });
        await bothHaveOne();
        await manager.update(Note, { id: second }, { pinned: true });
      });
    let arrived = 0;
    const bothHaveOne = () => {
      arrived += 1;
      return eventually(() => arrived === 2);
    };
    const outcomes = await Promise.all([failure(change('a', 'b')), failure(change('b', 'a'))]);
    const refused = outcomes.filter((outcome) => outcome !== undefined);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toBeInstanceOf(DatabaseUnavailable);

    await database.close();
    database = await openNotes(url, { poolSize: 4 });
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    const holding = database.transaction(() => gate);
    const start = performance.now();
    expect(String(await failure(insert('c')))).toMatch(/pool exhausted/);
    expect(performance.now() - start).toBeLessThan(7_000);
    await database.append('test_notes', [row('d')]);
    openGate();
    await holding;
  });
});

describe('two processes that migrate at once', () => {
  it('do it once, also when the one that began is killed', async () => {
    const migrator = new URL('../../fixtures/migrator.ts', import.meta.url);
    const children = [1, 2, 3].map(() => startTypeScript(migrator, [url]));
    try {
      const first = await eventually(() => children.find((child) => child.lines.includes('migrating')), 'one', 20_000);
      await first?.kill();
      const others = children.filter((child) => child !== first);
      const exits = await Promise.all(others.map((child) => child.exited()));
      expect(exits.map(({ code }) => code)).toEqual([0, 0]);
      const lines = others.flatMap((child) => child.lines).sort();
      expect(lines).toEqual(['found 1', 'found 1', 'migrating']);
    } finally {
      await Promise.all(children.map((child) => child.kill()));
    }
  });
});
