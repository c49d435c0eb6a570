import type { ServiceDefinition } from '@expacti/platform';
import { AuditModule } from './audit-module.js';
import { CommandRow } from './storage/command-row.js';
import { CreateAudit1767225710000 } from './storage/create-audit.js';
import { DayRow } from './storage/day-row.js';
import { EntryRow } from './storage/entry-row.js';
import { HeadRow } from './storage/head-row.js';

export { chainedOrgs, readChain } from './service/read-chain.js';

/** The append-only, hash-chained log of everything, and the history of commands that is read from it. */
export const auditService: ServiceDefinition = {
  name: 'audit',
  module: AuditModule,
  entities: [EntryRow, HeadRow, CommandRow, DayRow],
  migrations: [CreateAudit1767225710000],
};
