export const LARGEST_PAGE = 1_000;

/** @throws RangeError unless a page of 1 to 1 000 is asked for */
export function checkLimit(limit: number = LARGEST_PAGE): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) throw new RangeError(`Not a page size: ${limit}`);
  return limit;
}
