import { ExpactiError } from '@expacti/contracts';
import { cutPage, decodeCursor } from '@expacti/persistence';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** What every list here takes. */
export interface ListRequest {
  limit: number;
  cursor?: string | undefined;
  /** Part of one of the searched columns, in any case. */
  q?: string | undefined;
}

/**
 * One page of an org's rows, newest first. TypeIDs grow with time, so (org_id, id) is the index and the id the position.
 * @param searched names of the text columns that `q` is looked for in
 */
export async function listPage<Row extends ObjectLiteral & { id: string }>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  org: string,
  request: ListRequest,
  searched: readonly string[],
): Promise<{ rows: Row[]; nextCursor: string | null }> {
  const query = manager.createQueryBuilder(entity, 'row').where('row.org = :org', { org });
  if (request.cursor !== undefined) query.andWhere('row.id < :after', { after: positionOf(request.cursor) });
  if (request.q !== undefined && request.q !== '') {
    const conditions = searched.map((column) => `LOWER(row.${column}) LIKE LOWER(:pattern) ESCAPE '!'`);
    query.andWhere(`(${conditions.join(' OR ')})`, { pattern: containing(request.q) });
  }
  const rows = await query
    .orderBy('row.id', 'DESC')
    .limit(request.limit + 1)
    .getMany();
  return cutPage(rows, request.limit, (row) => [row.id]);
}

function positionOf(cursor: string): string {
  const position = decodeCursor(cursor, ['string']);
  if (position !== null) return position[0];
  throw new ExpactiError('INVALID', 'cursor: is not one that this list gave out', {
    fields: [{ path: 'cursor', message: 'is not one that this list gave out' }],
  });
}

/** The database lowers both sides, so that they agree whatever it knows of letters beyond ASCII. */
const containing = (text: string) => `%${text.replace(/[!%_]/g, '!$&')}%`;
