import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type PostgresServer, startPostgres } from '../../../testkit/src/start-postgres.js';
import { Note, type NotesPlace, note, noteIds, openNotes, row } from '../../fixtures/notes.js';
import { databaseContract } from '../database.contract-test.js';
import { type Database, DatabaseUnavailable, isUniqueViolation, openDatabase, serialize } from '../index.js';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

databaseContract('a PostgreSQL database', async (): Promise<NotesPlace> => {
  const url = await server.createDatabase();
  return { open: (options) => openNotes(url, options), remove: () => server.dropDatabase(url) };
});

describe('a PostgreSQL database', () => {
  let url: string;
  let database: Database;
  const one = async (statement: string): Promise<unknown> => {
    const [found] = await database.transaction((manager) => manager.query<Record<string, unknown>[]>(statement));
    return Object.values(found ?? {})[0];
  };

  beforeEach(async () => {
    url = await server.createDatabase();
    database = await openNotes(url);
  });

  afterEach(async () => {
    await database.close();
    await server.dropDatabase(url);
  });

  it('waits for the disk, whatever the server, the database or the URL say', async () => {
    await one(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
    const careless = `${url}?options=-c%20synchronous_commit%3Doff&statement_timeout=0`;
    const other = await openNotes(careless);
    const settings = "SELECT current_setting('synchronous_commit') || current_setting('statement_timeout') AS s";
    expect(await other.transaction((manager) => manager.query(settings))).toEqual([{ s: 'on15s' }]);
    await other.append('test_notes', [row('a')]);
    await other.close();
    expect(await noteIds(database)).toEqual(['a']);
  });

  it('holds no more connections than it was allowed', async () => {
    await database.close();
    database = await openNotes(url, { poolSize: 4 });
    const pause = () => database.read((manager) => manager.query('SELECT pg_sleep(0.01)'));
    const writes = Array.from({ length: 40 }, (_, n) => [pause(), database.append('test_notes', [row(`a${n}`)])]);
    const units = Array.from({ length: 40 }, (_, n) =>
      database.transaction((manager) => manager.insert(Note, note(`t${n}`))),
    );
    await Promise.all([...writes.flat(), ...units]);
    const mine = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()`;
    expect(await one(mine)).toBeLessThanOrEqual(4);
    await expect(openNotes(url, { poolSize: 3 })).rejects.toThrow(/poolSize/);
  });

  it('gives sequences 64 bits', async () => {
    await one("SELECT setval('outbox_events_sequence_seq', 3000000000)");
    const event = { event_id: 'evt_1', type: 't', org: 'o', key: 'k', at: 'now', payload: '{}' };
    await database.append('outbox_events', [event]);
    expect(await one('SELECT max(sequence) FROM outbox_events')).toBe(3_000_000_001);
  });

  it('refuses to read a whole number that a double cannot hold', async () => {
    await expect(one('SELECT 9007199254740993')).rejects.toThrow(/2\^53/);
    expect(await one('SELECT 1')).toBe(1);
  });

  it('keeps nothing of a transaction in which a statement failed, although the error was swallowed', async () => {
    await database.append('test_notes', [row('a')]);
    const swallowing = (goesOn: boolean) =>
      database.transaction(async (manager) => {
        await manager.insert(Note, note('b'));
        await manager.insert(Note, note('a')).catch(() => undefined);
        if (goesOn) await manager.insert(Note, note('c'));
      });
    for (const goesOn of [false, true])
      expect(isUniqueViolation(await swallowing(goesOn).catch((error: unknown) => error))).toBe(true);
    expect(await noteIds(database)).toEqual(['a']);
  });

  it('does one thing after the other of what a transaction does at once', async () => {
    await database.transaction((manager) =>
      Promise.all(['a', 'b', 'c'].map((id) => manager.insert(Note, note(id)).then(() => manager.count(Note)))),
    );
    expect(await noteIds(database)).toEqual(['a', 'b', 'c']);
  });

  it('lets those who serialize by other keys pass, and by the same key wait', async () => {
    const order: string[] = [];
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    const { promise: holding, resolve: isHolding } = Promise.withResolvers<void>();
    const first = database.transaction(async (manager) => {
      await serialize(manager, 'one');
      isHolding();
      await gate;
      order.push('first');
    });
    await holding;
    const second = database.transaction(async (manager) => {
      await serialize(manager, 'one');
      order.push('second');
    });
    await database.transaction((manager) => serialize(manager, 'two'));
    order.push('other key');
    openGate();
    await Promise.all([first, second]);
    expect(order).toEqual(['other key', 'first', 'second']);
  });
});

describe('opening a PostgreSQL database', () => {
  it.each([
    ['postgres://user:hunter2@127.0.0.1:1/expacti', DatabaseUnavailable, /cannot be reached/],
    ['postgresql://user:hunter2@nowhere.invalid/expacti', DatabaseUnavailable, /cannot be reached/],
    ['postgres:user:hunter2', Error, /database_url/],
    ['postgres://user:hunter2@host:port/x', Error, /database_url/],
    ['mysql://user:hunter2@db/expacti', Error, /database_url/],
  ])('refuses %s without repeating its password', async (url, kind, text) => {
    const error = await openDatabase({ url, entities: [], migrations: [] }).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(text);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).cause)).not.toMatch(
      /hunter2/,
    );
  });

  it('says which database is missing, and whom the server does not know', async () => {
    const open = (url: string) => openDatabase({ url, entities: [], migrations: [] });
    await expect(open(server.url('nothing_here'))).rejects.toThrow(/3D000.*no database of the name/);
    await expect(open(server.url().replace('postgres@', 'nobody@'))).rejects.toThrow(/28000.*refuses the user/);
  });
});
