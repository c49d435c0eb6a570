import { type ApprovalListQuery, ExpactiError } from '@expacti/contracts';
import { compareAndSwap, cutPage, decodeCursor } from '@expacti/persistence';
import { type EntityManager, In, LessThanOrEqual } from 'typeorm';
import type { z } from 'zod';
import type { CastVote, HeldRequest } from '../domain/request.js';
import { requestColumns, requestOf, voteColumns, voteOf } from './request-mapping.js';
import { RequestRow } from './request-row.js';
import { VoteRow } from './vote-row.js';

/** Names one request. The org is always part of it, so that another tenant's id finds nothing. */
export type RequestKey =
  | { readonly org: string; readonly id: string }
  | { readonly org: string; readonly commandId: string };

/** A request as it was read, with the revision that a change must still find. */
export interface StoredRequest {
  readonly request: HeldRequest;
  readonly votes: readonly CastVote[];
  readonly revision: number;
  readonly fingerprint: string;
}

export interface RequestPage {
  readonly requests: StoredRequest[];
  readonly nextCursor: string | null;
}

export async function findRequest(manager: EntityManager, key: RequestKey): Promise<StoredRequest | null> {
  const row = await manager.findOneBy(RequestRow, key);
  if (row === null) return null;
  const [stored] = await withVotes(manager, [row]);
  return stored ?? null;
}

export async function insertRequest(manager: EntityManager, request: HeldRequest, fingerprint: string): Promise<void> {
  const columns = requestColumns(request);
  await manager.insert(RequestRow, { ...columns, updatedAt: columns.createdAt, fingerprint, version: 1 });
}

/**
 * Writes the request, and the vote that changed it, if nobody has changed it since it was read. Of several who saw the
 * same revision one gets true; for the others nothing is written.
 */
export async function saveRequest(
  manager: EntityManager,
  seen: StoredRequest,
  request: HeldRequest,
  vote: CastVote | null,
  now: number,
): Promise<boolean> {
  const { id, org, ...columns } = requestColumns(request);
  const changes = { ...columns, updatedAt: now };
  const won = await compareAndSwap(manager, RequestRow, { id, org }, seen.revision, changes);
  if (won && vote !== null) await manager.insert(VoteRow, voteColumns(org, id, vote));
  return won;
}

/** How many requests of the agent wait. Stops counting at `limit`. */
export async function countPending(
  manager: EntityManager,
  org: string,
  agentId: string,
  limit: number,
): Promise<number> {
  const rows = await manager.find(RequestRow, {
    select: { id: true },
    where: { org, agentId, status: 'pending' },
    take: limit,
  });
  return rows.length;
}

/** Newest first; with `updated_since` what changed since, the latest change first. */
export async function listRequests(
  manager: EntityManager,
  org: string,
  query: z.infer<typeof ApprovalListQuery>,
): Promise<RequestPage> {
  const { status, agent_id: agentId, session_id: sessionId, updated_since: since, limit, cursor } = query;
  const moment = since === undefined ? 'createdAt' : 'updatedAt';
  const builder = manager
    .createQueryBuilder(RequestRow, 'request')
    .where('request.org = :org', { org })
    .orderBy(`request.${moment}`, 'DESC')
    .addOrderBy('request.id', 'DESC')
    .limit(limit + 1);
  if (status !== undefined) builder.andWhere('request.status = :status', { status });
  if (agentId !== undefined) builder.andWhere('request.agentId = :agentId', { agentId });
  if (sessionId !== undefined) builder.andWhere('request.sessionId = :sessionId', { sessionId });
  if (since !== undefined) builder.andWhere('request.updatedAt >= :since', { since: Date.parse(since) });
  if (cursor !== undefined) {
    const position = decodeCursor(cursor, ['number', 'string']);
    if (position === null) throw new ExpactiError('INVALID', 'cursor: is not a cursor of this list');
    const [at, id] = position;
    builder.andWhere(`(request.${moment}, request.id) < (:at, :id)`, { at, id });
  }
  const page = cutPage(await builder.getMany(), limit, (row) => [row[moment], row.id]);
  return { requests: await withVotes(manager, page.rows), nextCursor: page.nextCursor };
}

/** Pending requests whose deadline has passed, the longest overdue first, in whatever org. */
export async function findOverdue(
  manager: EntityManager,
  now: number,
  limit: number,
): Promise<{ org: string; id: string }[]> {
  const rows = await manager.find(RequestRow, {
    select: { id: true, org: true },
    where: { status: 'pending', deadlineAt: LessThanOrEqual(now) },
    order: { deadlineAt: 'ASC' },
    take: limit,
  });
  return rows.map(({ org, id }) => ({ org, id }));
}

/** The next moment at which something becomes overdue; null while nothing waits. */
export async function nextDeadline(manager: EntityManager): Promise<number | null> {
  const [row] = await manager.find(RequestRow, {
    select: { id: true, deadlineAt: true },
    where: { status: 'pending' },
    order: { deadlineAt: 'ASC' },
    take: 1,
  });
  return row?.deadlineAt ?? null;
}

async function withVotes(manager: EntityManager, rows: readonly RequestRow[]): Promise<StoredRequest[]> {
  if (rows.length === 0) return [];
  const votes = await manager.find(VoteRow, {
    where: { approvalId: In(rows.map(({ id }) => id)) },
    order: { castAt: 'ASC', id: 'ASC' },
  });
  const byRequest = Map.groupBy(votes, ({ approvalId }) => approvalId);
  return rows.map((row) => ({
    request: requestOf(row),
    votes: (byRequest.get(row.id) ?? []).map(voteOf),
    revision: row.version,
    fingerprint: row.fingerprint,
  }));
}
