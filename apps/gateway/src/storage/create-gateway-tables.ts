import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

export class CreateGatewayTables1767225700000 implements MigrationInterface {
  readonly name = 'CreateGatewayTables1767225700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'gateway_receipt_keys',
        columns: [
          tableColumns.id('kid', { isPrimary: true }),
          tableColumns.text('x'),
          tableColumns.text('sealed_private_key'),
          tableColumns.timestamp('created_at'),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'gateway_idempotent_responses',
        columns: [
          tableColumns.id('id', { isPrimary: true }),
          tableColumns.text('fingerprint'),
          tableColumns.integer('status', { isNullable: true }),
          tableColumns.text('sealed_body', { isNullable: true }),
          tableColumns.timestamp('created_at'),
        ],
        indices: [{ name: 'gateway_idempotent_responses_created_at', columnNames: ['created_at'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('gateway_idempotent_responses');
    await runner.dropTable('gateway_receipt_keys');
  }
}
