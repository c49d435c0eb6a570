import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { Note, type NotesPlace, note, noteIds, row } from '../fixtures/notes.js';
import {
  appendToOutbox,
  compareAndSwap,
  type Database,
  DatabaseUnavailable,
  isUniqueViolation,
  NestedTransactionError,
  OUTBOX_TOPIC,
  OutboxRow,
  serialize,
  signalOnCommit,
  TransactionTimeout,
  tableColumns,
} from './index.js';

const createTable = (name: string) => (runner: QueryRunner) =>
  runner.createTable(new Table({ name, columns: [tableColumns.id('id', { isPrimary: true })] }));

/** A migration of that name, as a service brings it. */
const migration = (name: string, up: (runner: QueryRunner) => Promise<void>) =>
  class implements MigrationInterface {
    readonly name = name;
    readonly up = up;
    async down(): Promise<void> {}
  };

const gate = (): { open: () => void; opened: Promise<void> } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
};

/** What every `Database` must do, whatever is behind it. */
export function databaseContract(name: string, makePlace: () => Promise<NotesPlace>): void {
  describe(`${name}, as a database`, () => {
    let place: NotesPlace;
    let database: Database;

    const ids = (): Promise<string[]> => noteIds(database);
    const insert = (id: string) => database.transaction((manager) => manager.insert(Note, note(id)));

    beforeEach(async () => {
      place = await makePlace();
      database = await place.open();
    });

    afterEach(async () => {
      await database.close();
      await place.remove();
    });

    describe('transactions and appends', () => {
      it('keep what was committed, with the types that were written', async () => {
        await database.transaction((manager) => manager.save(Note, note('a')));
        await database.append('test_notes', [row('b')]);
        const [a, b] = await database.read((manager) => manager.find(Note, { order: { id: 'ASC' } }));
        expect({ ...a }).toEqual(note('a'));
        expect({ ...b }).toEqual({ id: 'b', writtenAt: 1, body: {}, pinned: true, version: 1 });
      });

      it('are seen at once by whoever reads after them', async () => {
        for (let n = 0; n < 30; n += 1) {
          if (n % 2 === 0) await insert(`n${n}`);
          else await database.append('test_notes', [row(`n${n}`)]);
          const count = () => database.read((manager) => manager.count(Note));
          expect(await Promise.all([count(), count(), count()])).toEqual([n + 1, n + 1, n + 1]);
        }
      });

      it('fail alone, whatever is committed with them', async () => {
        await insert('a');
        const results = await Promise.allSettled([
          insert('b'),
          database.transaction(async (manager) => {
            await manager.insert(Note, note('c'));
            throw new Error('changed my mind');
          }),
          database.append('test_notes', [row('d')]),
          database.append('test_notes', [row('e'), row('a')]),
          database.append('test_notes', [row('f')]),
          insert('a'),
          database.append('test_notes', [row('g'), row('h')]),
        ]);
        expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
          true,
          false,
          true,
          false,
          true,
          false,
          true,
        ]);
        expect(results[1]).toMatchObject({ reason: new Error('changed my mind') });
        for (const failed of [3, 5])
          expect(isUniqueViolation((results[failed] as PromiseRejectedResult).reason)).toBe(true);
        expect(await ids()).toEqual(['a', 'b', 'd', 'f', 'g', 'h']);
      });

      it('all land, however many come at once', async () => {
        const names = Array.from({ length: 1_000 }, (_, n) => `n${String(n).padStart(4, '0')}`);
        await Promise.all(names.map((id, n) => (n % 3 === 0 ? insert(id) : database.append('test_notes', [row(id)]))));
        expect(await ids()).toEqual(names);
      });

      it('refuse to run inside one another instead of waiting for themselves', async () => {
        const nested = database.transaction(() => database.transaction(async () => undefined));
        await expect(nested).rejects.toThrow(NestedTransactionError);
        const appended = database.transaction(() => database.append('test_notes', [row('a')]));
        await expect(appended).rejects.toThrow(NestedTransactionError);
      });

      it('may be begun by what was begun in another one and goes on after it', async () => {
        const { open, opened } = gate();
        let later: Promise<unknown> = Promise.resolve();
        await database.transaction(async () => {
          later = opened.then(() => database.append('test_notes', [row('late')]));
        });
        open();
        await later;
        expect(await ids()).toEqual(['late']);
      });
    });

    describe('an append', () => {
      it('keeps all of its rows or none, also of more than fit into one statement', async () => {
        const many = Array.from({ length: 15_000 }, (_, n) => row(`n${n}`));
        const twice = database.append('test_notes', [...many, row('n7')]);
        expect(isUniqueViolation(await twice.catch((error: unknown) => error))).toBe(true);
        expect(await ids()).toEqual([]);
        await database.append('test_notes', many);
        expect(await database.read((manager) => manager.count(Note))).toBe(15_000);
      });

      it('takes rows of different columns, and none at all', async () => {
        const event = { event_id: 'evt_1', type: 't', org: 'o', key: 'k', at: 'now', payload: '{}' };
        await database.append('outbox_events', [event, { ...event, event_id: 'evt_2', sequence: 77 }]);
        await database.append('outbox_events', []);
        const rows = await database.read((manager) => manager.find(OutboxRow, { order: { sequence: 'ASC' } }));
        expect(rows.map(({ eventId, sequence }) => [eventId, sequence])).toEqual([
          ['evt_1', 1],
          ['evt_2', 77],
        ]);
      });

      it('writes the calls for a table in their order', async () => {
        const names = Array.from({ length: 300 }, (_, n) => `evt_${n}`);
        const event = (event_id: string) => ({ event_id, type: 't', org: 'o', key: 'k', at: 'now', payload: '{}' });
        await Promise.all(names.map((id) => database.append('outbox_events', [event(id)])));
        const rows = await database.read((manager) => manager.find(OutboxRow, { order: { sequence: 'ASC' } }));
        expect(rows.map(({ eventId }) => eventId)).toEqual(names);
      });

      it.each(['x"; DROP TABLE test_notes; --', 'Test_Notes', ''])('refuses the name %j', async (odd) => {
        await expect(database.append(odd, [row('a')])).rejects.toThrow(/not a table or column name/);
        await expect(database.append('test_notes', [{ [odd]: 1 }])).rejects.toThrow(/not a table or column name/);
      });
    });

    describe('a transaction', () => {
      it('lets TypeORM nest its own savepoints inside', async () => {
        await database.transaction(async (manager) => {
          await manager.save(Note, [note('a'), note('b')]);
          await manager
            .transaction(async (inner) => {
              await inner.insert(Note, note('c'));
              throw new Error('inner');
            })
            .catch(() => undefined);
          await manager.transaction((inner) => inner.insert(Note, note('d')));
        });
        expect(await ids()).toEqual(['a', 'b', 'd']);
      });

      it('refuses a statement that arrives after its end', async () => {
        const { open, opened } = gate();
        let stray: Promise<unknown> = Promise.resolve();
        await database.transaction(async (manager) => {
          stray = opened.then(() => manager.insert(Note, note('stray')));
        });
        open();
        await expect(stray).rejects.toThrow(/released/i);
        expect(await ids()).toEqual([]);
      });

      it('lets no statement that was not awaited slip through after it was rolled back', async () => {
        let stray: Promise<unknown> = Promise.resolve();
        const failing = database.transaction(async (manager) => {
          stray = manager.insert(Note, note('stray')).catch(() => undefined);
          throw new Error('no');
        });
        await expect(failing).rejects.toThrow('no');
        await stray;
        expect(await ids()).toEqual([]);
      });

      it('is rolled back when it never ends, so that others may go on', async () => {
        await database.close();
        database = await place.open({ transactionLimitMs: 40 });
        const hanging = database.transaction(async (manager) => {
          await manager.insert(Note, note('a'));
          await new Promise(() => undefined);
        });
        await expect(hanging).rejects.toThrow(TransactionTimeout);
        await database.append('test_notes', [row('a')]);
        expect(await ids()).toEqual(['a']);
      });

      it('calls the listeners of a topic after its commit, and nobody after a rollback', async () => {
        const heard: Promise<string[]>[] = [];
        const stop = database.onCommit('notes', () => void heard.push(ids()));
        const write = (id: string, fail: boolean) =>
          database.transaction(async (manager) => {
            await manager.insert(Note, note(id));
            signalOnCommit(manager, 'notes');
            if (fail) throw new Error('no');
          });
        await write('a', true).catch(() => undefined);
        await write('b', false);
        expect(await Promise.all(heard)).toEqual([['b']]);
        stop();
        await write('c', false);
        expect(heard).toHaveLength(1);
      });

      it('keeps outbox rows with the state that they tell of, in order, or neither', async () => {
        const event = (id: string) => ({
          id,
          type: 'note.written',
          org: 'org_1',
          key: 'k',
          at: 'now',
          payload: { id },
        });
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
    });

    describe('two that do the same at once', () => {
      it('win once, by the version that they saw', async () => {
        await database.append('test_notes', [row('a')]);
        const attempt = (writtenAt: number) =>
          database.transaction((manager) => compareAndSwap(manager, Note, { id: 'a' }, 1, { writtenAt }));
        const won = await Promise.all(Array.from({ length: 20 }, (_, n) => attempt(n)));
        expect(won.filter(Boolean)).toHaveLength(1);
        const found = await database.read((manager) => manager.findOneByOrFail(Note, { id: 'a' }));
        expect([found.version, found.writtenAt]).toEqual([2, won.indexOf(true)]);
      });

      it('come one after the other where they name the same key', async () => {
        const insertIfNone = (id: string, key: string) =>
          database.transaction(async (manager) => {
            await serialize(manager, key);
            if ((await manager.count(Note)) === 0) await manager.insert(Note, note(id));
          });
        await Promise.all(Array.from({ length: 20 }, (_, n) => insertIfNone(`n${n}`, 'first note')));
        expect(await ids()).toHaveLength(1);
        await expect(database.read((manager) => serialize(manager, 'first note'))).rejects.toThrow(
          /running transaction/,
        );
      });
    });

    describe('reading', () => {
      it('refuses to write', async () => {
        await expect(database.read((manager) => manager.insert(Note, note('a')))).rejects.toThrow(/read-?only/);
        expect(await ids()).toEqual([]);
      });

      it('gives numbers, whoever asks and however large they are', async () => {
        const large = 2 ** 53 - 1;
        await database.append('test_notes', [row('a'), { ...row('b'), written_at: large }]);
        const found = await database.read(async (manager) => ({
          count: await manager.count(Note),
          maximum: await manager.maximum(Note, 'writtenAt'),
          minimum: await manager.minimum(Note, 'writtenAt'),
          raw: await manager.query(
            'SELECT count(*) AS n, max(written_at) AS last, sum(version) AS total FROM test_notes',
          ),
          value: (await manager.findOneByOrFail(Note, { id: 'b' })).writtenAt,
        }));
        const raw = [{ n: 2, last: large, total: 2 }];
        expect(found).toEqual({ count: 2, maximum: large, minimum: 1, raw, value: large });
      });

      it('finds sequences that grow and are never used twice', async () => {
        const append = async (id: string): Promise<number> => {
          const event = { event_id: id, type: 't', org: 'o', key: 'k', at: 'now', payload: '{}' };
          await database.append('outbox_events', [event]);
          const found = await database.read((manager) => manager.findOneByOrFail(OutboxRow, { eventId: id }));
          return found.sequence;
        };
        const first = await append('evt_1');
        await database.transaction((manager) => manager.delete(OutboxRow, { eventId: 'evt_1' }));
        expect(await append('evt_2')).toBeGreaterThan(first);
      });
    });

    describe('opening', () => {
      it('runs each migration once, also when several processes open at once', async () => {
        await database.append('test_notes', [row('a')]);
        const others = await Promise.all([place.open(), place.open(), place.open()]);
        for (const other of others) await other.close();
        expect(await ids()).toEqual(['a']);
      });

      it('runs the migrations that this process brings, in any order and beside those of others', async () => {
        const first = migration('First1767225600005', createTable('test_first'));
        const second = migration('Second1767225600006', createTable('test_second'));
        const third = migration('Third1767225600007', createTable('test_third'));
        const bring = (...migrations: (new () => MigrationInterface)[]) => place.open({ entities: [], migrations });
        const opened = await Promise.all([bring(third), bring(second, third), bring(first), bring()]);
        for (const one of opened) await one.append('test_third', [{ id: `t${opened.indexOf(one)}` }]);
        const [last] = opened;
        const counted = await last.read((manager) =>
          manager.query(
            'SELECT (SELECT count(*) FROM test_first) + (SELECT count(*) FROM test_second) AS none, ' +
              "(SELECT count(*) FROM test_third) AS some, (SELECT count(*) FROM schema_migrations WHERE name LIKE '%00_') AS ran",
          ),
        );
        // The outbox, the notes, and these three.
        expect(counted).toEqual([{ none: 0, some: 4, ran: 5 }]);
        for (const one of opened) await one.close();
      });

      it('leaves everything as it was when a migration fails', async () => {
        const good = migration('Good1767225600008', createTable('test_good'));
        const bad = migration('Bad1767225600009', async (runner) => {
          await createTable('test_bad')(runner);
          throw new Error('migration broke');
        });
        await expect(place.open({ entities: [], migrations: [good, bad] })).rejects.toThrow('migration broke');
        for (const table of ['test_good', 'test_bad'])
          await expect(database.read((manager) => manager.query(`SELECT * FROM ${table}`))).rejects.toThrow(table);
        const again = await place.open({ entities: [], migrations: [good] });
        expect(await again.read((manager) => manager.query('SELECT * FROM test_good'))).toEqual([]);
        await again.close();
      });
    });

    it('answers a ping with a real write', async () => {
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it('finishes what waits when it is closed, and refuses what comes later', async () => {
      const waiting = [database.append('test_notes', [row('a')]), insert('b')];
      await database.close();
      await Promise.all(waiting);
      await expect(database.append('test_notes', [row('c')])).rejects.toThrow(DatabaseUnavailable);
      await expect(insert('c')).rejects.toThrow(DatabaseUnavailable);
      await expect(ids()).rejects.toThrow(DatabaseUnavailable);
      await expect(database.ping()).rejects.toThrow(DatabaseUnavailable);
      await database.close();
      database = await place.open();
      expect(await ids()).toEqual(['a', 'b']);
    });
  });
}
