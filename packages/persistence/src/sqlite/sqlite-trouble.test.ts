import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import SqliteConnection from 'better-sqlite3';
import { Note, NotesRig, note, noteIds, row } from '../../fixtures/notes.js';
import { type Database, DatabaseUnavailable, openDatabase } from '../index.js';

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

describe('an SQLite database in trouble', () => {
  it('waits a moment for a lock that another process holds, without blocking', async () => {
    const other = new SqliteConnection(rig.file);
    other.exec('BEGIN IMMEDIATE');
    const waiting = database.append('test_notes', [row('a')]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.exec('COMMIT');
    other.close();
    await waiting;
    expect(await ids()).toEqual(['a']);
  });

  it('answers DatabaseUnavailable when the lock stays, keeps nothing, and recovers', async () => {
    const other = new SqliteConnection(rig.file);
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([
      database.append('test_notes', [row('a')]),
      database.transaction((manager) => manager.insert(Note, note('b'))),
    ]);
    for (const result of results) expect((result as PromiseRejectedResult).reason).toBeInstanceOf(DatabaseUnavailable);
    other.exec('COMMIT');
    other.close();
    await database.append('test_notes', [row('c')]);
    expect(await ids()).toEqual(['c']);
  });

  it('answers DatabaseUnavailable for everything in the group when the disk is full, and keeps none of it', async () => {
    await database.append('test_notes', [row('before')]);
    const [pages] = await database.transaction((manager) => manager.query('PRAGMA page_count'));
    await database.transaction((manager) => manager.query(`PRAGMA max_page_count = ${pages.page_count}`));
    const big = { ...row('big'), body: JSON.stringify('x'.repeat(200_000)) };
    const results = await Promise.allSettled([
      database.append('test_notes', [row('small')]),
      database.append('test_notes', [big]),
      database.transaction(async (manager) => {
        await manager.insert(Note, { ...note('huge'), body: { text: 'x'.repeat(200_000) } }).catch(() => undefined);
        await manager.insert(Note, note('after the failure'));
      }),
    ]);
    for (const result of results.slice(1)) {
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(DatabaseUnavailable);
    }
    await database.transaction((manager) => manager.query('PRAGMA max_page_count = 1000000'));
    const kept = ['before', ...(results[0]?.status === 'fulfilled' ? ['small'] : [])];
    expect(await ids()).toEqual(kept);
  });
});

describe('opening a database', () => {
  it.each(['mysql://user:hunter2@db/expacti', 'sqlite::memory:', 'sqlite:', 'file.db'])('refuses %s', async (url) => {
    const error = await openDatabase({ url, entities: [], migrations: [] }).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(/database_url/);
    expect(String(error)).not.toMatch(/hunter2/);
  });

  it('refuses a file that is not a database', async () => {
    const text = join(rig.folder, 'text.db');
    writeFileSync(text, 'hello '.repeat(1000));
    await expect(openDatabase({ url: `sqlite:${text}`, entities: [], migrations: [] })).rejects.toThrow(
      DatabaseUnavailable,
    );
  });
});
