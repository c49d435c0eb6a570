import { type AuditEntry, type AuditListQuery, ExpactiError } from '@expacti/contracts';
import { chainEntry, type Link } from '@expacti/crypto';
import { cutPage, decodeCursor } from '@expacti/persistence';
import { type Fact, timestamp } from '@expacti/platform';
import { type EntityManager, In, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { commandIdOf, type EntryBody, entryOfFact } from '../domain/entry-of-fact.js';
import { EntryRow } from './entry-row.js';
import { HeadRow } from './head-row.js';
import { insertRows } from './insert-rows.js';

/** Somebody else appended to the same chain at the same time. The whole unit is rolled back and done again. */
export class ChainMoved extends Error {
  override readonly name = 'ChainMoved';
}

/** Those facts of an org that have no entry yet, each once, in their order. */
export async function unrecorded(manager: EntityManager, org: string, facts: readonly Fact[]): Promise<Fact[]> {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const known = await manager.find(EntryRow, {
    select: { eventId: true },
    where: { org, eventId: In([...byId.keys()]) },
  });
  for (const { eventId } of known) byId.delete(eventId);
  return [...byId.values()];
}

/**
 * Appends one entry per fact to the org's chain.
 * @throws ChainMoved when another appender was faster
 */
export async function appendEntries(manager: EntityManager, org: string, facts: readonly Fact[]): Promise<void> {
  const head = await manager.findOneBy(HeadRow, { org });
  let previous: Link | undefined = head === null ? undefined : { sequence: head.version, hash: head.hash };
  const rows: EntryRow[] = [];
  for (const fact of facts) {
    const chained = chainEntry<EntryBody>(previous, entryOfFact(fact));
    rows.push(rowOf(org, fact, chained));
    previous = chained;
  }
  if (previous === undefined || facts.length === 0) return;
  await insertRows(manager, EntryRow, rows);
  await moveHead(manager, org, head, previous);
}

async function moveHead(manager: EntityManager, org: string, head: HeadRow | null, last: Link): Promise<void> {
  const { sequence: version, hash } = last;
  if (head === null) {
    // A first entry that somebody else has made too fails by its number: there is one entry 1 in a chain.
    await manager.insert(HeadRow, { org, version, hash });
    return;
  }
  const where = { org, hash: head.hash };
  const result = await manager.update(HeadRow, { ...where, version: head.version }, { version, hash });
  if (result.affected !== 1) throw new ChainMoved(`the chain of ${org} has moved beyond ${head.version}`);
}

export async function headOf(manager: EntityManager, org: string): Promise<Link | null> {
  const head = await manager.findOneBy(HeadRow, { org });
  return head && { sequence: head.version, hash: head.hash };
}

/** Newest first. */
export async function listEntries(
  manager: EntityManager,
  org: string,
  query: z.infer<typeof AuditListQuery>,
): Promise<{ entries: AuditEntry[]; nextCursor: string | null }> {
  const { limit, cursor, action, actor_id: actorId, subject_id: subjectId, since, until } = query;
  const builder = manager
    .createQueryBuilder(EntryRow, 'entry')
    .where('entry.org = :org', { org })
    .orderBy('entry.sequence', 'DESC')
    .limit(limit + 1);
  if (action !== undefined) builder.andWhere('entry.action = :action', { action });
  if (actorId !== undefined) builder.andWhere('entry.actorId = :actorId', { actorId });
  if (subjectId !== undefined) builder.andWhere('entry.subjectId = :subjectId', { subjectId });
  if (since !== undefined) builder.andWhere('entry.at >= :since', { since: Date.parse(since) });
  if (until !== undefined) builder.andWhere('entry.at < :until', { until: Date.parse(until) });
  if (cursor !== undefined) {
    const position = decodeCursor(cursor, ['number']);
    if (position === null) throw new ExpactiError('INVALID', 'cursor: is not a cursor of this list');
    builder.andWhere('entry.sequence < :before', { before: position[0] });
  }
  const page = cutPage(await builder.getMany(), limit, ({ sequence }) => [sequence]);
  return { entries: page.rows.map(entryOf), nextCursor: page.nextCursor };
}

/** Oldest first, after a place in the chain. */
export async function exportEntries(
  manager: EntityManager,
  org: string,
  afterSequence: number,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await manager.find(EntryRow, {
    where: { org, sequence: MoreThan(afterSequence) },
    order: { sequence: 'ASC' },
    take: limit,
  });
  return rows.map(entryOf);
}

/** Everything that happened to one command, oldest first. */
export async function commandEntries(
  manager: EntityManager,
  org: string,
  commandId: string,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await manager.find(EntryRow, { where: { org, commandId }, order: { sequence: 'ASC' }, take: limit });
  return rows.map(entryOf);
}

/** When something was last done, in milliseconds since the epoch; null if never. */
export async function lastTimeOf(manager: EntityManager, org: string, action: string): Promise<number | null> {
  const [row] = await manager.find(EntryRow, {
    select: { org: true, sequence: true, at: true },
    where: { org, action },
    order: { sequence: 'DESC' },
    take: 1,
  });
  return row?.at ?? null;
}

function rowOf(org: string, fact: Fact, entry: EntryBody & Link & { previous_hash: string }): EntryRow {
  const { sequence, at, actor, action, subject, data, previous_hash: previousHash, hash } = entry;
  return {
    ...{ org, sequence, actor, action, data, previousHash, hash },
    eventId: fact.id,
    at: Date.parse(at),
    actorId: actor.id,
    subjectType: subject.type,
    subjectId: subject.id,
    commandId: commandIdOf(fact),
  };
}

function entryOf(row: EntryRow): AuditEntry {
  const { sequence, actor, action, data, previousHash, hash } = row;
  return {
    sequence,
    at: timestamp(row.at),
    actor,
    action,
    subject: { type: row.subjectType, id: row.subjectId },
    data: data as Record<string, unknown>,
    previous_hash: previousHash,
    hash,
  };
}
