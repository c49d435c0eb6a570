import type { Redis } from 'ioredis';

/** The newest event of this type in any stream of the measured system: what the floor has to write, too. */
export async function newestEvent(redis: Redis, type: string): Promise<Record<string, string>> {
  let newest: { id: string; fields: string[] } | undefined;
  for (const key of await keysOf(redis, 'stream'))
    for (const [id, fields] of await redis.xrevrange(key, '+', '-', 'COUNT', 200))
      if (fields.includes(type) && (!newest || id > newest.id)) newest = { id, fields };
  if (!newest) throw new Error(`no ${type} was published`);
  const record: Record<string, string> = {};
  for (let at = 0; at + 1 < newest.fields.length; at += 2)
    record[newest.fields[at] ?? ''] = newest.fields[at + 1] ?? '';
  return record;
}

export async function keysOf(redis: Redis, type: 'stream' | 'set'): Promise<string[]> {
  const found = new Set<string>();
  for (let cursor = ''; cursor !== '0'; ) {
    const [next, keys] = await redis.scan(cursor || '0', 'COUNT', 1_000, 'TYPE', type);
    for (const key of keys) found.add(key);
    cursor = next;
  }
  return [...found];
}
