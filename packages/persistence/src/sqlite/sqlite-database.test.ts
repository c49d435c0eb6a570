import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import SqliteConnection from 'better-sqlite3';
import { Note, NotesRig, note, noteIds, row } from '../../fixtures/notes.js';
import { databaseContract } from '../database.contract-test.js';
import { type Database, isUniqueViolation } from '../index.js';

databaseContract('an SQLite database', async () => new NotesRig());

let rig: NotesRig;
let database: Database;

const ids = (): Promise<string[]> => noteIds(database);

beforeEach(async () => {
  rig = new NotesRig();
  database = await rig.open();
});

afterEach(async () => {
  await database.close();
  rig.remove();
});

describe('an SQLite database', () => {
  it('is in WAL mode, waits for the disk, and is readable by its owner only', async () => {
    const [mode] = await database.transaction((manager) => manager.query('PRAGMA journal_mode'));
    const [sync] = await database.transaction((manager) => manager.query('PRAGMA synchronous'));
    const [keys] = await database.transaction((manager) => manager.query('PRAGMA foreign_keys'));
    expect([mode.journal_mode, sync.synchronous, keys.foreign_keys]).toEqual(['wal', 2, 1]);
    expect(statSync(rig.file).mode & 0o777).toBe(0o600);
  });

  it('rolls back only the unit that throws, although the group shares one commit', async () => {
    const results = await Promise.allSettled([
      database.transaction((manager) => manager.insert(Note, note('a'))),
      database.transaction(async (manager) => {
        await manager.insert(Note, note('b'));
        throw new Error('changed my mind');
      }),
      database.append('test_notes', [row('c')]),
      database.append('test_notes', [row('d'), row('a')]),
      database.transaction((manager) => manager.insert(Note, note('e'))),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(results[1]).toMatchObject({ reason: new Error('changed my mind') });
    expect(isUniqueViolation((results[3] as PromiseRejectedResult).reason)).toBe(true);
    expect(await ids()).toEqual(['a', 'c', 'e']);
  });

  it('lets timers and sockets have their turn while callers write again as soon as they are answered', async () => {
    let isOver = false;
    const busy = Array.from({ length: 3 }, async (_, writer) => {
      for (let n = 0; !isOver && n < 10_000; n += 1) await database.append('test_notes', [row(`${writer}-${n}`)]);
    });
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 1);
    });
    isOver = true;
    await Promise.all(busy);
    expect((await ids()).length).toBeLessThan(10_000);
  });

  it('never interleaves two units, however they pause', async () => {
    const steps: string[] = [];
    const unit = (name: string) =>
      database.transaction(async (manager) => {
        steps.push(`${name} begins`);
        await manager.query('SELECT 1');
        await new Promise((resolve) => setImmediate(resolve));
        steps.push(`${name} ends`);
      });
    await Promise.all([unit('a'), unit('b')]);
    expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('lets those that somebody waits for overtake the patient, which have their turn all the same', async () => {
    const order: string[] = [];
    const write = (id: string, isPatient: boolean) =>
      database.transaction((manager) => manager.insert(Note, note(id)), { isPatient }).then(() => void order.push(id));
    const patient = ['p1', 'p2'].map((id) => write(id, true));
    const failing = database.transaction(() => Promise.reject(new Error('no')), { isPatient: true });
    const urgent = ['u1', 'u2'].map((id) => write(id, false));
    await expect(failing).rejects.toThrow('no');
    await Promise.all([...patient, ...urgent]);
    expect(order).toEqual(['u1', 'u2', 'p1', 'p2']);
    let isOver = false;
    const busy = (async () => {
      for (let n = 0; !isOver; n += 1) await database.append('test_notes', [row(`busy-${n}`)]);
    })();
    await write('p3', true);
    isOver = true;
    await busy;
    expect(await ids()).toEqual(expect.arrayContaining(['p1', 'p2', 'p3', 'u1', 'u2']));
  });

  it('compiles a statement once, whatever numbers are in it', async () => {
    await database.transaction((manager) => manager.insert(Note, note('a')));
    const prepare = jest.spyOn(SqliteConnection.prototype, 'prepare');
    for (let version = 1; version < 20; version += 1) {
      const next = { version: version + 1, writtenAt: 1_700_000_000_000 + version };
      await database.transaction((manager) => manager.update(Note, { id: 'a', version }, next));
    }
    expect(prepare.mock.calls.length).toBeLessThanOrEqual(1);
    prepare.mockRestore();
    const found = await database.read((manager) => manager.findOneByOrFail(Note, { id: 'a', version: 20 }));
    expect(found.writtenAt).toBe(1_700_000_000_019);
  });
});
