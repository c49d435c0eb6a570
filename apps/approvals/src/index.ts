import type { ServiceDefinition } from '@expacti/platform';
import { ApprovalsModule } from './approvals-module.js';
import { AddUpdatedAt1767225700100 } from './storage/add-updated-at.js';
import { CreateApprovals1767225700000 } from './storage/create-approvals.js';
import { KeyRow } from './storage/key-row.js';
import { RequestRow } from './storage/request-row.js';
import { VoteRow } from './storage/vote-row.js';

/** The approval queue: requests, votes, deadlines, and the one right to run each allowed command. */
export const approvalsService: ServiceDefinition = {
  name: 'approvals',
  module: ApprovalsModule,
  entities: [RequestRow, VoteRow, KeyRow],
  migrations: [CreateApprovals1767225700000, AddUpdatedAt1767225700100],
};
