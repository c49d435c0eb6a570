import type { Redis } from 'ioredis';

/** A server that may lose what it acknowledged. The message says which setting is wrong and how to mend it. */
export class WeakDurability extends Error {
  override readonly name = 'WeakDurability';
}

/** What "nothing is lost" needs of the server, and what each setting guards against. */
const NEEDED: readonly { setting: string; value: string; otherwise: string }[] = [
  { setting: 'appendonly', value: 'yes', otherwise: 'a restart forgets everything since the last snapshot' },
  { setting: 'appendfsync', value: 'always', otherwise: 'a crash loses the last moments that were acknowledged' },
  { setting: 'maxmemory-policy', value: 'noeviction', otherwise: 'a full server silently drops what nobody has read' },
];

export interface Durability {
  /** Empty where the server keeps what it acknowledges. */
  readonly weaknesses: readonly string[];
}

/**
 * Looks at the settings of the server.
 * @throws WeakDurability where they are too weak, unless `allowWeak`; also where the server does not tell them (`CONFIG`
 *   forbidden or renamed): what cannot be checked is not promised
 */
export async function checkDurability(redis: Redis, allowWeak: boolean): Promise<Durability> {
  const weaknesses: string[] = [];
  for (const { setting, value, otherwise } of NEEDED) {
    const is = await settingOf(redis, setting);
    if (is === value) continue;
    const found = is === null ? `${setting} cannot be read` : `${setting} is "${is}"`;
    weaknesses.push(`${found}, needed is "${value}": ${otherwise}`);
  }
  if (weaknesses.length > 0 && !allowWeak)
    throw new WeakDurability(
      `This Redis may lose what it has acknowledged:\n${weaknesses.map((line) => `  ${line}`).join('\n')}\n` +
        'Change it there (CONFIG SET …, and in redis.conf), or set allow_weak_durability = true to accept the loss; ' +
        'the dashboard then says so.',
    );
  return { weaknesses };
}

/** Null where the server refuses to say. */
async function settingOf(redis: Redis, name: string): Promise<string | null> {
  try {
    const [, value] = (await redis.config('GET', name)) as string[];
    return value ?? null;
  } catch (error) {
    // The server's own refusal; a lost connection or a timeout is not an answer.
    if (error instanceof Error && error.name === 'ReplyError') return null;
    throw error;
  }
}
