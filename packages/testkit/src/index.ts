export { Child, type ChildOptions, type Exit } from './child.js';
export { eventually } from './eventually.js';
export { FakeClock } from './fake-clock.js';
export { freePort } from './free-port.js';
export { type RedisServer, type RedisServerOptions, startRedis } from './start-redis.js';
export { startTypeScript } from './start-typescript.js';
export { type TemporaryDatabase, temporaryDatabase } from './temporary-database.js';
export { temporaryFolder } from './temporary-folder.js';
export { untilReady } from './until-ready.js';
