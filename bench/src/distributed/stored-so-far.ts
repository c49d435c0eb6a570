import { Client } from 'pg';
import type { DistributedSystem } from '../support/distributed-system.js';
import { keysOf } from '../support/newest-event.js';

/** What is kept, in bytes since the beginning: growth between two moments is what happened meanwhile. */
export interface StoredSoFar {
  readonly redis: number;
  readonly postgres: number;
}

export async function storedSoFar(system: DistributedSystem): Promise<StoredSoFar> {
  return { redis: await everStreamed(system), postgres: await databaseBytes(system.databaseUrl) };
}

/**
 * Everything that was ever added to streams, at what an entry takes now: trimming in between does not matter. The ids
 * that are kept of events count with them.
 */
async function everStreamed({ admin }: DistributedSystem): Promise<number> {
  let bytes = 0;
  for (const key of await keysOf(admin, 'stream')) {
    const information = (await admin.xinfo('STREAM', key)) as (string | number)[];
    const numberAt = (name: string) => Number(information[information.indexOf(name) + 1]);
    const [added, length] = [numberAt('entries-added'), numberAt('length')];
    if (length === 0) continue;
    bytes += (added * Number(await admin.memory('USAGE', key, 'SAMPLES', 0))) / length;
    const ids = key.replace(/:events$/, ':ids');
    if (ids !== key) bytes += (added * Number((await admin.memory('USAGE', ids, 'SAMPLES', 0)) ?? 0)) / length;
  }
  return bytes;
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
