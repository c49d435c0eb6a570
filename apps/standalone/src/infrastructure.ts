import { join } from 'node:path';
import { approvalsService } from '@expacti/approvals';
import { auditService } from '@expacti/audit';
import { gatewayService } from '@expacti/gateway';
import { identityService } from '@expacti/identity';
import { EmbeddedScheduler, jobsEntities, jobsMigrations } from '@expacti/jobs';
import {
  EMBEDDED_LOG_TABLE,
  EmbeddedBus,
  EmbeddedRpc,
  messagingEntities,
  messagingMigrations,
  OutboxRelay,
} from '@expacti/messaging';
import { type Database, openDatabase } from '@expacti/persistence';
import { type Clock, type Configuration, type Logger, reportTrouble, type ServiceDefinition } from '@expacti/platform';
import { policyService } from '@expacti/policy';
import { recordingService } from '@expacti/recording';

export const SERVICES: readonly ServiceDefinition[] = [
  identityService,
  policyService,
  approvalsService,
  auditService,
  recordingService,
  gatewayService,
];

/** The adapters of this composition: one database holds state, bus and jobs. */
export interface Infrastructure {
  database: Database;
  bus: EmbeddedBus;
  rpc: EmbeddedRpc;
  scheduler: EmbeddedScheduler;
  /** Where events wait in an outbox; null where the log itself is the outbox (docs/decisions/0006). */
  relay: OutboxRelay | null;
}

export async function openInfrastructure(
  { database_url, database_pool }: Configuration,
  dataFolder: string,
  clock: Clock,
  logger: Logger,
): Promise<Infrastructure> {
  const url = database_url ?? `sqlite:${join(dataFolder, 'expacti.db')}`;
  const isSqlite = url.startsWith('sqlite:');
  const database = await openDatabase({
    url,
    poolSize: database_pool,
    ...(isSqlite ? { outboxTable: EMBEDDED_LOG_TABLE } : {}),
    entities: [...messagingEntities, ...jobsEntities, ...SERVICES.flatMap((service) => service.entities)],
    migrations: [...messagingMigrations, ...jobsMigrations, ...SERVICES.flatMap((service) => service.migrations)],
  });
  const report = reportTrouble(logger, 'infrastructure');
  const bus = new EmbeddedBus({ database, clock, report });
  const rpc = new EmbeddedRpc((pattern, error) => logger.error({ err: error, pattern }, 'a question failed'));
  const scheduler = new EmbeddedScheduler({ database, clock, report });
  const relay = isSqlite ? null : new OutboxRelay({ database, target: bus, clock, report });
  return { database, bus, rpc, scheduler, relay };
}

/** In the order in which nothing new can come from what is already closed. */
export async function closeInfrastructure({ database, bus, rpc, scheduler, relay }: Infrastructure): Promise<void> {
  await scheduler.close();
  await rpc.close();
  await relay?.close();
  await bus.close();
  await database.close();
}
