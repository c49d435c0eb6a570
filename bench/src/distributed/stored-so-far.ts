import { Client } from 'pg';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keysOf } from '../support/newest-event.js';

/** One stream: how many entries were ever added, and what one takes now, its id in the set of those held included. */
interface Streamed {
  readonly added: number;
  readonly bytesEach: number;
}

/** What has been written so far, trimmed or not. */
export interface StoredSoFar {
  readonly streams: ReadonlyMap<string, Streamed>;
  readonly postgres: number;
}

export interface StoredBytes {
  readonly redis: number;
  readonly postgres: number;
  /** Entries of streams that every gateway reads. */
  readonly heard: number;
}

const HEARD_BY_ALL = /\{p\d+\}:events$|\{reviewers\}:stream$/;

export async function storedSoFar(system: DistributedSystem): Promise<StoredSoFar> {
  return { streams: await streamsOf(system), postgres: await databaseBytes(system.databaseUrl) };
}

/** What was written between two moments. */
export function storedBetween(before: StoredSoFar, after: StoredSoFar): StoredBytes {
  let redis = 0;
  let heard = 0;
  for (const [key, { added, bytesEach }] of after.streams) {
    const entries = added - (before.streams.get(key)?.added ?? 0);
    redis += entries * bytesEach;
    if (HEARD_BY_ALL.test(key)) heard += entries;
  }
  return { redis, postgres: after.postgres - before.postgres, heard };
}

async function streamsOf({ admin }: DistributedSystem): Promise<Map<string, Streamed>> {
  const streams = new Map<string, Streamed>();
  for (const key of await keysOf(admin, 'stream')) {
    const information = (await admin.xinfo('STREAM', key)) as (string | number)[];
    const numberAt = (name: string) => Number(information[information.indexOf(name) + 1]);
    const length = numberAt('length');
    if (length === 0) continue;
    const bytesOf = async (of: string) => Number((await admin.memory('USAGE', of, 'SAMPLES', 0)) ?? 0);
    const ids = key.replace(/:events$/, ':ids');
    const bytes = (await bytesOf(key)) + (ids === key ? 0 : await bytesOf(ids));
    streams.set(key, { added: numberAt('entries-added'), bytesEach: bytes / length });
  }
  return streams;
}

async function databaseBytes(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
    return Number(rows[0]?.bytes);
  } finally {
    await client.end();
  }
}
