import type { Redis } from 'ioredis';

/**
 * Makes sure that every process spreads orgs over the same number of partitions; the first one decides.
 * @throws Error where this process is configured otherwise
 */
export async function agreeOnPartitions(redis: Redis, key: string, wanted: number | undefined, usual: number) {
  // Read first: a full server answers, but takes nothing new.
  const stored = (await redis.get(key)) ?? (await firstOf(redis, key, wanted ?? usual));
  const agreed = Number(stored);
  if (!Number.isInteger(agreed) || agreed < 1) throw new Error(`'${key}' in Redis holds no number of partitions`);
  if (wanted !== undefined && wanted !== agreed) {
    throw new Error(
      `This process wants ${wanted} partitions, but this installation has ${agreed}. The number cannot be changed while ` +
        'there are events: their order would be lost.',
    );
  }
  return agreed;
}

async function firstOf(redis: Redis, key: string, wanted: number): Promise<string | null> {
  await redis.set(key, wanted, 'NX');
  return redis.get(key);
}
