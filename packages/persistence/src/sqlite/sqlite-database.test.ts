import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import SqliteConnection from 'better-sqlite3';
import { Note, NotesRig, note, noteIds, row } from '../../fixtures/notes.js';
import {
  appendToOutbox,
  compareAndSwap,
  type Database,
  DatabaseUnavailable,
  isUniqueViolation,
  NestedTransactionError,
  OUTBOX_TOPIC,
  OutboxRow,
  signalOnCommit,
  TransactionTimeout,
} from '../index.js';

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
  it('reads back what was committed, with the types that were written', async () => {
    await database.transaction((manager) => manager.save(Note, note('a')));
    const found = await database.read((manager) => manager.findOneByOrFail(Note, { id: 'a' }));
    expect({ ...found }).toEqual(note('a'));
  });

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

  it('lets TypeORM nest its own savepoints inside a unit', async () => {
    await database.transaction(async (manager) => {
      await manager.save(Note, [note('a'), note('b')]);
      await manager
        .transaction(async (inner) => {
          await inner.insert(Note, note('c'));
          throw new Error('inner');
        })
        .catch(() => undefined);
    });
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('refuses a transaction or an append inside a transaction instead of waiting for itself', async () => {
    const nested = database.transaction(() => database.transaction(async () => undefined));
    await expect(nested).rejects.toThrow(NestedTransactionError);
    const appended = database.transaction(() => database.append('test_notes', [row('a')]));
    await expect(appended).rejects.toThrow(NestedTransactionError);
  });

  it('lets work that was begun in a transaction but continues after it open another one', async () => {
    let later: Promise<unknown> = Promise.resolve();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await database.transaction(async () => {
      later = gate.then(() => database.append('test_notes', [row('late')]));
    });
    release();
    await later;
    expect(await ids()).toEqual(['late']);
  });

  it('refuses a statement that arrives after its unit has ended', async () => {
    let stray: Promise<unknown> = Promise.resolve();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await database.transaction(async (manager) => {
      stray = gate.then(() => manager.insert(Note, note('stray')));
    });
    release();
    await expect(stray).rejects.toThrow(/released/i);
    expect(await ids()).toEqual([]);
  });

  it('refuses to write through a reader', async () => {
    await expect(database.read((manager) => manager.insert(Note, note('a')))).rejects.toThrow(/readonly/);
  });

  it('rolls back a unit that never ends, so that others may go on', async () => {
    await database.close();
    database = await rig.open(20);
    const hanging = database.transaction(async (manager) => {
      await manager.insert(Note, note('a'));
      await new Promise(() => undefined);
    });
    await expect(hanging).rejects.toThrow(TransactionTimeout);
    await database.append('test_notes', [row('b')]);
    expect(await ids()).toEqual(['b']);
  });

  it('lets exactly one of two writers that saw the same version win', async () => {
    await database.append('test_notes', [row('a')]);
    const attempt = (pinned: boolean) =>
      database.transaction((manager) => compareAndSwap(manager, Note, { id: 'a' }, 1, { pinned }));
    expect((await Promise.all([attempt(false), attempt(true)])).filter(Boolean)).toHaveLength(1);
    const found = await database.read((manager) => manager.findOneByOrFail(Note, { id: 'a' }));
    expect(found.version).toBe(2);
  });

  it('calls the listeners of a topic after its commit, and not after a rollback', async () => {
    const heard: string[][] = [];
    database.onCommit('notes', () => {
      const other = new SqliteConnection(rig.file);
      heard.push(other.prepare('SELECT id FROM test_notes').pluck().all() as string[]);
      other.close();
    });
    const insert = (id: string, fail: boolean) =>
      database.transaction(async (manager) => {
        await manager.insert(Note, note(id));
        signalOnCommit(manager, 'notes');
        if (fail) throw new Error('no');
      });
    await insert('a', true).catch(() => undefined);
    await insert('b', false);
    expect(heard).toEqual([['b']]);
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

  it('keeps outbox rows with the state that they tell of, in order, or neither', async () => {
    const event = (id: string) => ({ id, type: 'note.written', org: 'org_1', key: 'k', at: 'now', payload: { id } });
    let signals = 0;
    database.onCommit(OUTBOX_TOPIC, () => {
      signals += 1;
    });
    await database.transaction((manager) => appendToOutbox(manager, [event('1'), event('2')]));
    const failing = database.transaction(async (manager) => {
      await appendToOutbox(manager, [event('3')]);
      throw new Error('no');
    });
    await failing.catch(() => undefined);
    const rows = await database.read((manager) => manager.find(OutboxRow, { order: { sequence: 'ASC' } }));
    expect(rows.map((found) => [found.eventId, found.payload])).toEqual([
      ['1', '{"id":"1"}'],
      ['2', '{"id":"2"}'],
    ]);
    expect(signals).toBe(1);
  });

  it('answers a ping with a real write', async () => {
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('finishes what waits when it is closed, and refuses what comes later', async () => {
    const waiting = database.append('test_notes', [row('a')]);
    await database.close();
    await waiting;
    await expect(database.append('test_notes', [row('b')])).rejects.toThrow(DatabaseUnavailable);
    await expect(database.read((manager) => manager.find(Note))).rejects.toThrow(DatabaseUnavailable);
    database = await rig.open();
    expect(await ids()).toEqual(['a']);
  });
});
