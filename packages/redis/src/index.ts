export { checkDurability, type Durability, WeakDurability } from './check-durability.js';
export { RedisAway } from './impatient-redis.js';
export {
  COMMAND_TIMEOUT_MS,
  type ConnectionKind,
  closeRedis,
  DEFAULT_PREFIX,
  openRedis,
  type RedisSettings,
  type RedisTrouble,
} from './open-redis.js';
export { isFull, whyUnavailable } from './why-unavailable.js';
