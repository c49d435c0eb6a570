import { Readable } from 'node:stream';
import { BlobsUnavailable, unavailable } from './blobs-unavailable.js';

/**
 * A stream of exactly `length` bytes of `source`. A source that ends early (a connection that was cut, a file that
 * shrank) is an error: a recording that seems shorter than it is would be a lie.
 */
export function exactContent(key: string, length: number, source: Readable): Readable {
  // A failure before anybody reads waits for the reader; without a listener it would end the process.
  source.on('error', () => {});
  const content = Readable.from(exactly(key, length, source), { objectMode: false });
  // A generator that nobody began to read has nothing to clean up, but the file or connection behind it is open.
  return content.once('close', () => source.destroy());
}

async function* exactly(key: string, length: number, source: Readable): AsyncGenerator<Uint8Array> {
  let left = length;
  try {
    for await (const bytes of source as AsyncIterable<Uint8Array>) {
      left -= bytes.byteLength;
      if (left < 0) break;
      yield bytes;
    }
  } catch (error) {
    throw unavailable(`read ${key}`, error);
  }
  if (left !== 0) throw new BlobsUnavailable(`Could not read ${key}: it has not the ${length} bytes that it announced`);
}
