import { type BlobStore, openBlobs } from '@expacti/blobs';
import { BullScheduler } from '@expacti/jobs';
import {
  type Bus,
  InboxTrimmer,
  messagingEntities,
  messagingMigrations,
  OutboxRelay,
  RedisRpc,
  RedisStreamsBus,
  type Rpc,
} from '@expacti/messaging';
import { type Database, openDatabase } from '@expacti/persistence';
import { checkDurability, closeRedis, openRedis, type RedisSettings } from '@expacti/redis';
import type { Redis } from 'ioredis';
import type { Configuration } from '../config/configuration.js';
import { ConfigurationError } from '../config/load-config.js';
import type { LeaseStore } from '../freshness/lease-store.js';
import { RedisLeaseStore } from '../freshness/redis-lease-store.js';
import type { Logger } from '../logger.js';
import { reportTrouble } from '../report-trouble.js';
import type { ServiceDefinition } from '../service-definition.js';
import type { Clock } from '../time.js';
import { patiently } from './patiently.js';
import { rpcSeal } from './rpc-seal.js';

/**
 * The consumer groups of all services that must see every event, whichever process is started first. A test of the server
 * that holds them all keeps this in step. (`reviewers` is not among them: what happened before somebody watches is read.)
 */
export const LASTING_GROUPS: readonly string[] = ['audit', 'policy', 'policy-usage'];

/** The adapters of the distributed composition, as one process holds them: PostgreSQL, Redis Streams, BullMQ, blobs. */
export interface ProcessInfrastructure {
  readonly database: Database;
  readonly bus: Bus;
  readonly rpc: Rpc;
  readonly scheduler: BullScheduler;
  readonly leases: LeaseStore;
  /** Null where the installation names no place for blobs. */
  readonly blobs: BlobStore | null;
  readonly redis: Redis;
  readonly redisSettings: RedisSettings;
  /** What the installation may lose of what it acknowledged; empty where nothing. */
  readonly weaknesses: readonly string[];
  /** In the order in which nothing new can come from what is already closed. */
  close(): Promise<void>;
}

/**
 * Opens everything that a service stands on. Refuses a Redis that may lose what it acknowledged
 * (unless `allow_weak_durability`), and migrates the service's own tables.
 */
export async function openProcessInfrastructure(
  service: ServiceDefinition,
  configuration: Configuration,
  { clock, logger, masterKey }: { clock: Clock; logger: Logger; masterKey: Buffer },
): Promise<ProcessInfrastructure> {
  const { databaseUrl, redisSettings } = placesOf(configuration, logger);
  const report = reportTrouble(logger, 'infrastructure');
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const redis = openRedis(redisSettings, `${service.name}:process`);
    closing.push(() => closeRedis(redis));
    const { weaknesses } = await patiently(logger, 'Redis', () =>
      checkDurability(redis, configuration.allow_weak_durability),
    );
    if (weaknesses.length > 0) logger.warn({ weaknesses }, 'this installation may lose what it acknowledged');
    const database = await patiently(logger, 'PostgreSQL', () =>
      openDatabase({
        url: databaseUrl,
        poolSize: configuration.database_pool,
        entities: [...messagingEntities, ...service.entities],
        migrations: [...messagingMigrations, ...service.migrations],
      }),
    );
    closing.push(() => database.close());
    const bus = new RedisStreamsBus({
      settings: redisSettings,
      partitions: configuration.partitions,
      groups: LASTING_GROUPS,
      clock,
      report,
    });
    closing.push(() => bus.close());
    await patiently(logger, 'Redis', () => bus.ready());
    const relay = new OutboxRelay({ database, target: bus, clock, report });
    closing.push(() => relay.close());
    const trimmer = new InboxTrimmer({ database, bus, clock, report });
    closing.push(() => trimmer.close());
    const rpc = new RedisRpc({
      settings: redisSettings,
      seal: rpcSeal(masterKey),
      report: (pattern, error) => logger.error({ err: error, pattern }, 'a question failed'),
    });
    closing.push(() => rpc.close());
    const scheduler = new BullScheduler({ settings: redisSettings, clock, report });
    closing.push(() => scheduler.close());
    const leases = new RedisLeaseStore({ settings: redisSettings });
    closing.push(() => leases.close());
    const blobs = configuration.blobs_url === undefined ? null : await openBlobs(configuration.blobs_url);
    if (blobs) closing.push(async () => blobs.close());
    return { database, bus, rpc, scheduler, leases, blobs, redis, redisSettings, weaknesses, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function placesOf(configuration: Configuration, logger: Logger) {
  const { database_url: databaseUrl, redis_url: url, redis_prefix: prefix } = configuration;
  if (databaseUrl === undefined || databaseUrl.startsWith('sqlite:'))
    throw new ConfigurationError(
      'database_url: services as processes of their own share a PostgreSQL database (postgres://user:password@host/name)',
    );
  if (url === undefined)
    throw new ConfigurationError('redis_url: services as processes of their own share a Redis (redis://host:6379)');
  return { databaseUrl, redisSettings: { url, prefix, report: reportTrouble(logger, 'redis') } };
}
