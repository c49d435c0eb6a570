/**
 * Cuts content of any length into parts of `size` bytes, only the last one shorter. Each part is a buffer of its own;
 * no more than one is held here.
 */
export async function* partsOf(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) {
    for (let start = 0; start < content.byteLength; start += size) yield content.subarray(start, start + size);
    return;
  }
  let part = new Uint8Array(size);
  let filled = 0;
  for await (const bytes of content) {
    for (let taken = 0; taken < bytes.byteLength; ) {
      const piece = bytes.subarray(taken, taken + size - filled);
      part.set(piece, filled);
      taken += piece.byteLength;
      filled += piece.byteLength;
      if (filled < size) continue;
      yield part;
      part = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}
