/**
 * Lists go on where they left off by the values of their sort columns, not by an offset: nothing is skipped or repeated
 * when rows come and go between two pages. To a client the cursor is opaque.
 */

type Kind = 'string' | 'number';
type PositionOf<Shape extends readonly Kind[]> = {
  [Index in keyof Shape]: Shape[Index] extends 'string' ? string : number;
};

/** The cursor that stands for a place in a list: base64url of the JSON of its sort values. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * The place that a cursor stands for, or null when it is not a cursor of this shape (clients send anything). The values
 * are still whatever the client chose: bind them, and let the query name the org.
 */
export function decodeCursor<const Shape extends readonly Kind[]>(
  cursor: string,
  shape: Shape,
): PositionOf<Shape> | null {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(position) || position.length !== shape.length) return null;
  return shape.every((kind, index) => isSortValue(kind, position[index])) ? (position as PositionOf<Shape>) : null;
}

/** No column holds anything else, and PostgreSQL refuses to compare it: a fraction, or text with U+0000 in it. */
const isSortValue = (kind: Kind, value: unknown): boolean =>
  kind === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && !value.includes('\0');

/**
 * Cuts rows that were read with `limit + 1` down to one page.
 * @param positionOf the sort values of a row, for the cursor after it
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => readonly (string | number)[],
): { rows: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}
