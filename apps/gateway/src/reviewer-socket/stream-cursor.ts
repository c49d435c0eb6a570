import { decodeCursor, encodeCursor } from '@expacti/persistence';

/** The place in the reviewer stream that a moment stands for. To clients it is opaque. */
export const cursorAt = (moment: number): string => encodeCursor([moment]);

/** The moment, in milliseconds since the epoch, that a cursor stands for; null when it is none of ours. */
export function momentOf(cursor: string): number | null {
  const [moment] = decodeCursor(cursor, ['number']) ?? [];
  return moment !== undefined && Number.isSafeInteger(moment) && moment >= 0 ? moment : null;
}
