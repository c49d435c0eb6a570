import { createIdSource } from '@expacti/persistence';
import {
  eventually,
  FakeClock,
  type PostgresServer,
  startPostgres,
  type TemporaryDatabase,
  temporaryDatabase,
} from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InboxRow } from '../embedded/rows.js';
import { processOnce } from '../inbox.js';
import { messagingEntities, messagingMigrations } from '../messaging-schema.js';
import { InboxTrimmer, trimInbox } from './inbox-trimmer.js';

const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 5, 1);

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe.each(['SQLite', 'PostgreSQL'])('the inbox of a bus elsewhere, on %s', (dialect) => {
  let temporary: TemporaryDatabase;
  let time: number;
  let idNow: (prefix: string) => string;

  const remember = async (ms: number, count: number): Promise<void> => {
    time = ms;
    await temporary.database.transaction(async (manager) => {
      for (let number = 0; number < count; number += 1) {
        const id = idNow('evt');
        await processOnce(manager, 'a', id, async () => undefined);
        await processOnce(manager, 'b', id, async () => undefined);
      }
    });
  };
  const remembered = () => temporary.database.read((manager) => manager.count(InboxRow));

  beforeEach(async () => {
    time = 0;
    idNow = createIdSource(
      () => time,
      (bytes) => crypto.getRandomValues(bytes),
    );
    temporary = await temporaryDatabase({
      entities: messagingEntities,
      migrations: messagingMigrations,
      postgres: dialect === 'PostgreSQL' ? postgres : undefined,
    });
  });

  afterEach(() => temporary.remove());

  it('forgets in small steps what is a day older than anything that is held, and nothing else', async () => {
    await remember(NOW - 5 * DAY, 620);
    await remember(NOW - DAY - 1, 3);
    await remember(NOW - DAY, 4);
    await remember(NOW, 5);
    expect(await trimInbox(temporary.database, NOW)).toBe(2 * 623);
    expect(await remembered()).toBe(2 * 9);
    expect(await trimInbox(temporary.database, NOW)).toBe(0);
  });

  it('is looked after from time to time; nothing goes while it is unknown what is held, or while the bus fails', async () => {
    await remember(NOW - 2 * DAY, 1);
    const clock = new FakeClock();
    const answers: (number | undefined | Error)[] = [undefined, new Error('Redis is away'), NOW];
    const troubles: unknown[] = [];
    const bus = {
      oldestHeldAt: async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    const trimmer = new InboxTrimmer({
      database: temporary.database,
      bus,
      clock,
      everyMs: 1_000,
      report: (trouble) => troubles.push(trouble),
    });
    for (const left of [2, 1]) {
      await eventually(() => clock.waiting === 1);
      clock.advance(1_000);
      await eventually(() => answers.length === left && clock.waiting === 1);
      expect(await remembered()).toBe(2);
    }
    expect(troubles).toMatchObject([{ kind: 'storage_failed', during: 'trimming the inbox' }]);
    clock.advance(1_000);
    await eventually(async () => (await remembered()) === 0);
    await trimmer.close();
  });
});
