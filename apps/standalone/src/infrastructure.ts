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
} from '@expacti/messaging';
import { type Database, openDatabase } from '@expacti/persistence';
import type { Clock, Logger, ServiceDefinition } from '@expacti/platform';
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
}

export async function openInfrastructure(databaseUrl: string, clock: Clock, logger: Logger): Promise<Infrastructure> {
  const database = await openDatabase({
    url: databaseUrl,
    outboxTable: EMBEDDED_LOG_TABLE,
    entities: [...messagingEntities, ...jobsEntities, ...SERVICES.flatMap((service) => service.entities)],
    migrations: [...messagingMigrations, ...jobsMigrations, ...SERVICES.flatMap((service) => service.migrations)],
  });
  const report = (trouble: unknown) => logger.error({ trouble }, 'bus');
  const bus = new EmbeddedBus({ database, clock, report });
  const rpc = new EmbeddedRpc((pattern, error) => logger.error({ err: error, pattern }, 'a question failed'));
  const scheduler = new EmbeddedScheduler({ database, clock, report });
  return { database, bus, rpc, scheduler };
}

/** In the order in which nothing new can come from what is already closed. */
export async function closeInfrastructure({ database, bus, rpc, scheduler }: Infrastructure): Promise<void> {
  await scheduler.close();
  await rpc.close();
  await bus.close();
  await database.close();
}
