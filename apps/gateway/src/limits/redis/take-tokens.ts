import type { Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    expactiTakeTokens(
      ...args: [bucket: string, perSecond: number, capacity: number, wanted: number, owed: number]
    ): Result<[granted: number, waitMs: number], Context>;
  }
}

/**
 * Takes up to `wanted` tokens from a bucket that every gateway draws from, after what was spent on credit has been paid:
 * that may leave less than nothing in it. Answers how many were granted, and in how many milliseconds there is one when
 * none was. The time is the server's; should it be set back, the bucket stands still for a while.
 */
const TAKE_TOKENS = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local perSecond, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
  local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
  local tokens = tonumber(held[1] or capacity)
  local passed = math.max(0, now - tonumber(held[2] or now))
  tokens = math.min(capacity, tokens + passed * perSecond / 1000) - tonumber(ARGV[4])
  local granted = math.max(0, math.min(math.floor(tokens), tonumber(ARGV[3])))
  tokens = tokens - granted
  redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
  redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens) / perSecond * 1000) + 1000)
  if granted > 0 then return {granted, 0} end
  return {0, math.max(1, math.ceil((1 - tokens) / perSecond * 1000))}
`;

export function defineTakeTokens(redis: Redis): void {
  redis.defineCommand('expactiTakeTokens', { numberOfKeys: 1, lua: TAKE_TOKENS });
}
