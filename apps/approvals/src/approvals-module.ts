import { Module } from '@nestjs/common';
import { ApprovalsController } from './rpc/approvals-controller.js';
import { DeadlineSweeper } from './service/deadline-sweeper.js';
import { Executions } from './service/executions.js';
import { KeyRetention } from './service/key-retention.js';
import { RequestChanges } from './service/request-changes.js';
import { RequestQueries } from './service/request-queries.js';
import { Submissions } from './service/submissions.js';
import { Voting } from './service/voting.js';

@Module({
  controllers: [ApprovalsController],
  providers: [RequestChanges, DeadlineSweeper, KeyRetention, Submissions, Voting, Executions, RequestQueries],
})
export class ApprovalsModule {}
