import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';

/** An exported entry: its chain fields, and everything else that its hash covers. */
export interface EntryLine {
  sequence: number;
  hash: string;
  previous_hash: string;
  [field: string]: unknown;
}

/**
 * The entries of an export, one JSON object a line.
 * @throws CliFailure naming the line that is not an entry: nothing can be said about a log that cannot be read.
 */
export async function* readEntries(source: Readable): AsyncGenerator<EntryLine> {
  const failed = new Promise<never>((_, reject) => source.once('error', reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (let number = 1; ; number++) {
    // readline knows nothing of its input's errors: without the race a missing file would read as an empty log.
    const next = await Promise.race([lines.next(), failed]).catch((error: Error) => {
      throw new CliFailure(`The log cannot be read: ${error.message}`, EXIT.notFound, 'LOG_UNREADABLE');
    });
    if (next.done) return;
    if (next.value.trim() !== '') yield entryOf(next.value, number);
  }
}

function entryOf(line: string, number: number): EntryLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const entry = value as Partial<EntryLine> | null | undefined;
  const { sequence, hash, previous_hash: previousHash } = entry ?? {};
  if (!Number.isSafeInteger(sequence) || typeof hash !== 'string' || typeof previousHash !== 'string') {
    throw new CliFailure(`Line ${number} is not an audit entry.`, EXIT.failed, 'LOG_MALFORMED');
  }
  return entry as EntryLine;
}
