import { tableColumns as column } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

const optional = { isNullable: true };

export class CreateSessions1767225600300 implements MigrationInterface {
  readonly name = 'CreateSessions1767225600300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'recording_sessions',
        columns: [
          column.id('id', { isPrimary: true }),
          column.org(),
          column.id('agent_id'),
          column.text('agent_name'),
          column.text('name', optional),
          column.text('target', optional),
          column.json('labels'),
          column.json('client', optional),
          column.timestamp('started_at'),
          column.timestamp('ended_at', optional),
        ],
        indices: [
          new TableIndex({ name: 'recording_sessions_newest', columnNames: ['org_id', 'id'] }),
          new TableIndex({ name: 'recording_sessions_agent', columnNames: ['org_id', 'agent_id', 'id'] }),
          // Open sessions are few among all that ever were.
          new TableIndex({
            name: 'recording_sessions_open',
            columnNames: ['org_id', 'id'],
            where: 'ended_at IS NULL',
          }),
        ],
      }),
      false,
      true,
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('recording_sessions');
  }
}
