import { ExpactiError } from '@expacti/contracts';
import { closeRedis, DEFAULT_PREFIX, openRedis, type RedisSettings, whyUnavailable } from '@expacti/redis';
import type { Redis, Result } from 'ioredis';
import type { LeaseStore } from './lease-store.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    expactiRenewLease(...args: [...LeaseKeys, gatewayId: string, leaseMs: number]): Result<number, Context>;
    expactiAcknowledge(
      ...args: [...LeaseKeys, gatewayId: string, org: string, version: number, channel: string]
    ): Result<number, Context>;
    expactiLagging(...args: [holders: string, org: string, version: number, prefix: string]): Result<string[], Context>;
  }
}

/** The holders (a sorted set, by when their leases lapse), and what one of them acknowledged (a hash, by org). */
type LeaseKeys = [holders: string, acknowledged: string];

/** Milliseconds by the server's own clock, the only one that leases are judged by. */
const NOW = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** A lease that has lapsed is forgotten, with all that was acknowledged under it: the hash lapses with it. */
const RENEW = `${NOW}
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  local expires = now + ARGV[2]
  if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then redis.call('DEL', KEYS[2]) end
  redis.call('ZADD', KEYS[1], expires, ARGV[1])
  redis.call('PEXPIREAT', KEYS[2], expires)
  return expires
`;

const ACKNOWLEDGE = `${NOW}
  local expires = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if not expires or tonumber(expires) <= now then return 0 end
  local known = redis.call('HGET', KEYS[2], ARGV[2])
  if known and tonumber(known) >= tonumber(ARGV[3]) then return 0 end
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
  redis.call('PEXPIREAT', KEYS[2], expires)
  redis.call('PUBLISH', ARGV[4], ARGV[1])
  return 1
`;

/** Names the keys of the holders itself: they share the hash tag of the one that is declared. */
const LAGGING = `${NOW}
  local lagging = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
    local known = redis.call('HGET', ARGV[3] .. id, ARGV[1])
    if not known or tonumber(known) < tonumber(ARGV[2]) then lagging[#lagging + 1] = id end
  end
  return lagging
`;

/**
 * Leases that the replicas of an authority share. They lapse by the server's clock; a gateway counts its own lease from
 * before it asked, so it lets go first. (Should the server's clock jump ahead, leases lapse here while gateways believe in
 * them for up to two seconds more: keep that clock disciplined.)
 */
export class RedisLeaseStore implements LeaseStore {
  readonly #redis: Redis;
  /** Opened with the first listener: a subscribed connection takes no other commands. */
  #subscriber: Redis | undefined;
  readonly #settings: RedisSettings;
  readonly #holders: string;
  readonly #acknowledged: string;
  readonly #channel: string;
  readonly #listeners = new Set<() => void>();

  constructor({ settings }: { readonly settings: RedisSettings }) {
    this.#settings = settings;
    const base = `${settings.prefix ?? DEFAULT_PREFIX}:{leases}`;
    this.#holders = `${base}:holders`;
    this.#acknowledged = `${base}:acknowledged:`;
    this.#channel = `${base}:news`;
    this.#redis = openRedis(settings, 'leases');
    this.#redis.defineCommand('expactiRenewLease', { numberOfKeys: 2, lua: RENEW });
    this.#redis.defineCommand('expactiAcknowledge', { numberOfKeys: 2, lua: ACKNOWLEDGE });
    this.#redis.defineCommand('expactiLagging', { numberOfKeys: 1, lua: LAGGING });
  }

  async renew(gatewayId: string, leaseMs: number): Promise<void> {
    await answered(this.#redis.expactiRenewLease(...this.#keysOf(gatewayId), gatewayId, leaseMs));
  }

  async acknowledge(gatewayId: string, org: string, version: number): Promise<void> {
    const keys = this.#keysOf(gatewayId);
    await answered(this.#redis.expactiAcknowledge(...keys, gatewayId, org, version, this.#channel));
  }

  lagging(org: string, version: number): Promise<string[]> {
    return answered(this.#redis.expactiLagging(this.#holders, org, version, this.#acknowledged));
  }

  onAcknowledged(listener: () => void): () => void {
    this.#subscriber ??= this.#subscribe();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all([this.#redis, this.#subscriber].map((redis) => redis && closeRedis(redis)));
  }

  #keysOf(gatewayId: string): LeaseKeys {
    return [this.#holders, this.#acknowledged + gatewayId];
  }

  /** ioredis subscribes anew by itself after a lost connection; what is missed meanwhile, the waiting side's polls find. */
  #subscribe(): Redis {
    const subscriber = openRedis(this.#settings, 'leases:news', 'blocking');
    subscriber.on('message', () => {
      for (const listener of [...this.#listeners]) listener();
    });
    // Rejects only when the connection is closed for good.
    subscriber.subscribe(this.#channel).catch(() => undefined);
    return subscriber;
  }
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    const why = whyUnavailable(error);
    if (why === undefined) throw error;
    throw new ExpactiError('UNAVAILABLE', `Who acts on which version cannot be told: ${why}`);
  }
}
