import { jobsEntities, jobsMigrations } from '@expacti/jobs';
import { messagingEntities, messagingMigrations } from '@expacti/messaging';
import { type Database, openDatabase } from '@expacti/persistence';
import type { EntityManager } from 'typeorm';
import { SERVICES } from '../infrastructure.js';
import { CopyRefused } from './copy-refused.js';
import { copyTable, type Table, tablesOf } from './copy-table.js';
import { carryUndelivered } from './undelivered-events.js';
import { verifyChains } from './verify-chains.js';

export interface CopyReport {
  /** Rows by table, equal on both sides. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Events that some consumer had not handled yet; they wait in the target's outbox. */
  readonly undelivered: number;
  /** Audit chains that were verified in the target. */
  readonly chains: readonly { readonly org: string; readonly entries: number }[];
  /** Deliveries that were given up earlier. They come along, and an operator may replay them where the bus is embedded. */
  readonly deadLetters: number;
}

/** A large installation takes long, and the copy is one transaction: all of it or nothing. */
const LONGEST_COPY_MS = 24 * 3_600_000;

/** The log of the embedded bus is read by its positions, which mean nothing elsewhere: what is undelivered is carried. */
const LEFT_BEHIND = new Set(['messaging_log', 'messaging_groups', 'messaging_deliveries']);

/**
 * Moves an installation from one database (SQLite) to an empty one (PostgreSQL), in one transaction of the target, and
 * verifies there: as many rows in each table, every audit chain unbroken. The source stays as it is.
 * @throws CopyRefused when the target holds data, the source changes meanwhile (a server runs on it), or anything differs
 */
export async function copyDatabase(from: string, to: string): Promise<CopyReport> {
  const schema = {
    entities: [...messagingEntities, ...jobsEntities, ...SERVICES.flatMap((service) => service.entities)],
    migrations: [...messagingMigrations, ...jobsMigrations, ...SERVICES.flatMap((service) => service.migrations)],
  };
  const source = await openDatabase({ url: from, ...schema });
  try {
    if (source.dialect !== 'sqlite')
      throw new CopyRefused('The source must be an SQLite file (sqlite:/path/to/file.db).');
    const target = await openDatabase({
      url: to,
      ...schema,
      transactionLimitMs: LONGEST_COPY_MS,
      statementTimeoutMs: LONGEST_COPY_MS,
    });
    try {
      if (target.dialect !== 'postgres') throw new CopyRefused('The target must be a PostgreSQL database.');
      return await target.transaction((manager) => copyAll(source, manager));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyAll(source: Database, target: EntityManager): Promise<CopyReport> {
  const before = await versionOf(source);
  const tables = await tablesOf(target);
  for (const table of tables) await refuseFull(target, table);
  const copied: { name: string; rows: number }[] = [];
  for (const table of tables) {
    if (LEFT_BEHIND.has(table.name)) continue;
    const rows = await copyTable(source, target, table);
    copied.push({ name: table.name, rows });
  }
  const undelivered = await carryUndelivered(source, target);
  for (const { name, rows } of copied) {
    const expected = name === 'outbox_events' ? rows + undelivered : rows;
    const found = await countRows(target, name);
    if (found !== expected) throw new CopyRefused(`${name} has ${found} rows where ${expected} were copied.`);
  }
  const chains = await verifyChains(target);
  if ((await versionOf(source)) !== before)
    throw new CopyRefused(
      'The source was written while it was copied: stop the server that runs on it, and copy again.',
    );
  const deadLetters = copied.find(({ name }) => name === 'messaging_dead_letters')?.rows ?? 0;
  return { tables: copied, undelivered, chains, deadLetters };
}

/** Changes whenever another connection has committed to the file. */
async function versionOf(source: Database): Promise<number> {
  const [row] = await source.read((manager) => manager.query<{ data_version: number }[]>('PRAGMA data_version'));
  return row?.data_version ?? 0;
}

async function refuseFull(target: EntityManager, { name }: Table): Promise<void> {
  if ((await countRows(target, name)) > 0)
    throw new CopyRefused(`The target holds data already (table ${name}). Name an empty database.`);
}

async function countRows(manager: EntityManager, table: string): Promise<number> {
  const [row] = await manager.query<{ n: string }[]>(`SELECT count(*) AS n FROM "${table}"`);
  return Number(row?.n ?? 0);
}
