import { join } from 'node:path';
import { openDatabase } from '@expacti/persistence';
import { type Child, eventually, startPostgres, startTypeScript, temporaryFolder } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';
import { CreateHandled1767225600011 } from '../../fixtures/create-handled.js';
import { messagingEntities, messagingMigrations } from '../messaging-schema.js';
import { DeadLetterRow } from './rows.js';

const worker = new URL('../../fixtures/bus-worker.ts', import.meta.url);

interface Handled {
  readonly event_id: string;
  readonly key: string;
  readonly number: number;
}

describe('the embedded bus under kill -9', () => {
  it('loses no promised event, handles each once, and keeps the order of each key, on SQLite', async () => {
    const folder = temporaryFolder('expacti-kill');
    await loseNothing(`sqlite:${join(folder.path, 'bus.db')}`, 4, 700);
    folder.remove();
  }, 120_000);

  it('loses no promised event, handles each once, and keeps the order of each key, on PostgreSQL', async () => {
    const server = await startPostgres();
    await loseNothing(await server.createDatabase(), 2, 300).finally(() => server.stop());
  }, 120_000);
});

/** Kills a worker again and again, each time after more promises than the last time. */
async function loseNothing(url: string, rounds: number, promises: number): Promise<void> {
  const promised: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const child = startTypeScript(worker, [url, String(round * 1_000_000)]);
    await killAfter(child, promises + round * 137);
    promised.push(...child.lines.filter((line) => line.startsWith('promised')));
  }
  expect(promised.length).toBeGreaterThan(rounds * promises);
  const last = startTypeScript(worker, [url, '0', 'drain']);
  const handled = await drained(url, promised.length).finally(() => last.stop());

  const ids = handled.map((row) => row.event_id);
  expect(new Set(ids).size).toBe(ids.length);
  const lost = promised.map((line) => line.split(' ')[1] ?? '').filter((id) => !ids.includes(id));
  expect(lost).toEqual([]);
  for (const [key, rows] of Map.groupBy(handled, (row) => row.key)) {
    const numbers = rows.map((row) => row.number);
    expect({ key, numbers }).toEqual({ key, numbers: numbers.toSorted((a, b) => a - b) });
  }
}

/** Kills the worker once it has made that many promises, wherever it is then. */
async function killAfter(child: Child, promises: number): Promise<void> {
  try {
    await eventually(() => child.lines.length > promises || child.exit !== undefined, 'the promises', 60_000);
    if (child.exit !== undefined) throw new Error(`The worker ended by itself:\n${child.output}`);
  } finally {
    await child.kill();
  }
}

/** What was handled, once that is at least so much and the log is read to its end. */
async function drained(url: string, atLeast: number): Promise<Handled[]> {
  const database = await openDatabase({
    url,
    entities: messagingEntities,
    migrations: [...messagingMigrations, CreateHandled1767225600011],
  });
  const read = <T>(statement: string) => database.read((manager) => manager.query(statement) as Promise<T[]>);
  await eventually(
    async () => {
      const [counts] = await read<{ handled: number; logged: number; outbox: number }>(
        `SELECT (SELECT count(*) FROM test_handled) AS handled, (SELECT count(*) FROM messaging_log) AS logged,
                (SELECT count(*) FROM outbox_events) AS outbox`,
      );
      const { handled = 0, logged = 0, outbox = 0 } = counts ?? {};
      return outbox === 0 && handled >= atLeast && handled >= logged;
    },
    'everything to be handled',
    30_000,
  );
  const handled = await read<Handled>('SELECT event_id, "key", number FROM test_handled ORDER BY sequence');
  expect(await database.read((manager) => manager.count(DeadLetterRow))).toBe(0);
  await database.close();
  return handled;
}
