import { Module } from '@nestjs/common';
import { AuditConsumer } from './events/audit-consumer.js';
import { AuditController } from './rpc/audit-controller.js';
import { AuditLog } from './service/audit-log.js';
import { EntryWriter } from './service/entry-writer.js';
import { History } from './service/history.js';

@Module({
  controllers: [AuditController, AuditConsumer],
  providers: [EntryWriter, AuditLog, History],
})
export class AuditModule {}
