import { ExpactiError } from '@expacti/contracts';
import { cutPage, decodeCursor } from '@expacti/persistence';

/** The id after which a list goes on (newest first, so: before which), or null for the first page. */
export function placeOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const place = decodeCursor(cursor, ['string']);
  if (place === null) {
    const fields = [{ path: 'cursor', message: 'is not a cursor of this list' }];
    throw new ExpactiError('INVALID', 'cursor: is not a cursor of this list', { fields });
  }
  return place[0];
}

/** One page of rows that were read with `limit + 1`. */
export function pageById<Row extends { id: string }>(rows: Row[], limit: number) {
  const page = cutPage(rows, limit, (row) => [row.id]);
  return { data: page.rows, next_cursor: page.nextCursor };
}
