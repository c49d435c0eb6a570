import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { tableColumns } from '../columns.js';

export class CreateOutbox1767225600000 implements MigrationInterface {
  readonly name = 'CreateOutbox1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'outbox_events',
        columns: [
          tableColumns.sequence('sequence'),
          tableColumns.id('event_id', { isUnique: true }),
          tableColumns.text('type'),
          tableColumns.org('org'),
          tableColumns.text('key'),
          tableColumns.text('at'),
          tableColumns.text('payload'),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('outbox_events');
  }
}
