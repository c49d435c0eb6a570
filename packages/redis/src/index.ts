export { checkDurability, type Durability, WeakDurability } from './check-durability.js';
export {
  COMMAND_TIMEOUT_MS,
  type ConnectionKind,
  closeRedis,
  DEFAULT_PREFIX,
  openRedis,
  type RedisSettings,
  type RedisTrouble,
} from './open-redis.js';
