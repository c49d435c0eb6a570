/** Bytes from `start` on, up to and without `end`, as `slice` counts them. From the beginning, to the end by default. */
export interface ByteRange {
  readonly start?: number;
  readonly end?: number;
}

/** @throws RangeError unless both are whole numbers from 0 on, in order */
export function checkRange({ start = 0, end = Number.MAX_SAFE_INTEGER }: ByteRange): { start: number; end: number } {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new RangeError(`Not a range of bytes: ${start} to ${end}`);
  return { start, end };
}

/** The part of a checked range that a blob of `size` bytes has: empty where it begins behind the last byte. */
export function rangeWithin(size: number, { start, end }: { start: number; end: number }) {
  return { start: Math.min(start, size), end: Math.min(end, size) };
}
