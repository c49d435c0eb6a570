import { readFileSync } from 'node:fs';
import { importJwks, newMasterKey, verifyCheckpoint } from '@expacti/crypto';
import { openDatabase } from '@expacti/persistence';
import { timestamp } from '@expacti/platform';
import {
  eventually,
  FakeClock,
  type PostgresServer,
  startPostgres,
  type TemporaryDatabase,
  temporaryDatabase,
} from '@expacti/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silent } from '../../test/fixtures.js';
import { gatewayService } from '../index.js';
import { KeyRotation } from './key-rotation.js';
import { ReceiptKeyRow } from './receipt-key-row.js';
import { KEY_LIFETIME_MS, PUBLISHED_BEFORE_SIGNING_MS, ReceiptKeys } from './receipt-keys.js';

const MASTER_KEY = Buffer.alloc(32, 7);
const { entities, migrations } = gatewayService;

let clock: FakeClock;
let temporary: TemporaryDatabase;
beforeEach(async () => {
  clock = new FakeClock();
  temporary = await temporaryDatabase({ entities: [...entities], migrations: [...migrations] });
});
afterEach(() => temporary.remove());

async function opened(masterKey = MASTER_KEY): Promise<ReceiptKeys> {
  const keys = new ReceiptKeys(temporary.database, clock, masterKey);
  await keys.refresh();
  return keys;
}
const publishedBy = async (keys: ReceiptKeys) => (await keys.jwks()).keys.map(({ kid }) => kid);

describe('the signing keys', () => {
  it('sign with nothing before they are loaded', () => {
    expect(() => new ReceiptKeys(temporary.database, clock, MASTER_KEY).current).toThrow('not loaded');
  });

  it('are made once, and are the same after a restart', async () => {
    const first = await opened();
    await temporary.reopen();
    const second = await opened();
    expect(second.current.kid).toBe(first.current.kid);
    expect(await publishedBy(second)).toEqual([first.current.kid]);
  });

  it('change after thirty days; what the old one signed can still be verified', async () => {
    const keys = await opened();
    const old = keys.current.kid;
    const signed = keys.sign({ org: 'org_1', sequence: 3, hash: 'a'.repeat(64), at: timestamp(clock.now()) });
    clock.advance(KEY_LIFETIME_MS);
    await keys.refresh();
    expect(keys.current.kid).toBe(old);
    clock.advance(1);
    await keys.refresh();
    // Published first, and signed with when everybody who publishes keys publishes it.
    expect(keys.current.kid).toBe(old);
    expect((await publishedBy(keys)).at(-1)).toBe(old);
    expect(await publishedBy(keys)).toHaveLength(2);
    clock.advance(PUBLISHED_BEFORE_SIGNING_MS);
    await keys.refresh();
    expect(keys.current.kid).not.toBe(old);
    expect(await publishedBy(keys)).toEqual([keys.current.kid, old]);
    expect(verifyCheckpoint(signed, importJwks(await keys.jwks()))).toMatchObject({ ok: true });
  });

  it('of replicas are published by each before any signs with them', async () => {
    const replicas = [await opened(), await opened()];
    const old = replicas[0]?.current.kid;
    clock.advance(KEY_LIFETIME_MS + 1);
    const signers = new Set<string>();
    for (let second = 0; second <= 300; second += 1) {
      // One looks after its keys all the time, the other only when somebody asks for them.
      await replicas[0]?.refresh();
      const published = await Promise.all(replicas.map(publishedBy));
      for (const { current } of replicas) {
        signers.add(current.kid);
        for (const kids of published) expect(kids).toContain(current.kid);
      }
      clock.advance(1_000);
    }
    expect(signers.size).toBe(2);
    expect(replicas.map(({ current }) => current.kid)).not.toContain(old);
  });

  it('of replicas are the same where all of them find that a new one is due', async () => {
    const replicas = await Promise.all([opened(), opened(), opened()]);
    expect(new Set(replicas.map(({ current }) => current.kid)).size).toBe(1);
    clock.advance(KEY_LIFETIME_MS + 1);
    await Promise.all(replicas.map((keys) => keys.refresh()));
    for (const keys of replicas) expect(await publishedBy(keys)).toHaveLength(2);
  });

  it('are rotated while nobody asks for them', async () => {
    const keys = await opened();
    const old = keys.current.kid;
    const rotation = new KeyRotation(keys, clock, silent);
    rotation.start();
    clock.advance(KEY_LIFETIME_MS + 3_600_000);
    // The hour in which it is found and the hour in which it takes over.
    await eventually(async () => (await publishedBy(keys)).length === 2);
    clock.advance(3_600_000);
    while (keys.current.kid === old) await new Promise((resolve) => setImmediate(resolve));
    rotation.stop();
    expect(clock.waiting).toBe(0);
  });

  it('are sealed at rest, and open with no other master key', async () => {
    const keys = await opened();
    const rows = await temporary.database.read((manager) => manager.find(ReceiptKeyRow));
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['createdAt', 'kid', 'sealedPrivateKey', 'x']);
    const secret = keys.current.privateKey.export({ format: 'jwk' }).d ?? '';
    expect(secret).toHaveLength(43);
    const file = temporary.url.replace(/^sqlite:/, '');
    for (const bytes of [readFileSync(file), readFileSync(`${file}-wal`)]) {
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(Buffer.from(secret, 'base64url'))).toBe(false);
    }
    const stranger = Buffer.from(newMasterKey(), 'base64url');
    await expect(opened(stranger)).rejects.toThrow();
  });

  it('are refused when one row was put in the place of another', async () => {
    await opened();
    clock.advance(KEY_LIFETIME_MS + 1);
    await opened();
    await temporary.database.transaction(async (manager) => {
      const [newest, oldest] = await manager.find(ReceiptKeyRow, { order: { createdAt: 'DESC' } });
      if (!newest || !oldest) throw new Error('two keys were expected');
      await manager.update(ReceiptKeyRow, { kid: newest.kid }, { sealedPrivateKey: oldest.sealedPrivateKey });
    });
    clock.advance(PUBLISHED_BEFORE_SIGNING_MS);
    await expect(opened()).rejects.toThrow();
  });
});

describe('the first key of an installation on PostgreSQL', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.stop());

  it('is one, although every gateway starts at once and finds none', async () => {
    const schema = { entities: [...entities], migrations: [...migrations] };
    const shared = await temporaryDatabase({ ...schema, postgres });
    const databases = await Promise.all([1, 2, 3].map(() => openDatabase({ ...schema, url: shared.url })));
    try {
      const replicas = databases.map((database) => new ReceiptKeys(database, clock, MASTER_KEY));
      await Promise.all(replicas.map((keys) => keys.refresh()));
      expect(new Set(replicas.map(({ current }) => current.kid)).size).toBe(1);
      for (const keys of replicas) expect(await publishedBy(keys)).toHaveLength(1);
    } finally {
      for (const database of databases) await database.close();
      await shared.remove();
    }
  });
});
