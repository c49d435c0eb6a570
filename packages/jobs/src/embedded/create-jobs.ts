import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

export class CreateJobs1767225600020 implements MigrationInterface {
  readonly name = 'CreateJobs1767225600020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'jobs_jobs',
        columns: [
          tableColumns.id('id', { isPrimary: true }),
          tableColumns.id('name'),
          tableColumns.text('key', { isNullable: true }),
          tableColumns.text('payload'),
          tableColumns.id('state'),
          tableColumns.timestamp('due_at'),
          tableColumns.timestamp('run_at'),
          tableColumns.integer('every_ms', { isNullable: true }),
          tableColumns.integer('attempts'),
          tableColumns.integer('max_attempts'),
          tableColumns.text('last_error', { isNullable: true }),
          tableColumns.integer('revision'),
        ],
        indices: [
          { name: 'jobs_jobs_due', columnNames: ['state', 'run_at'] },
          {
            name: 'jobs_jobs_key',
            columnNames: ['name', 'key'],
            isUnique: true,
            where: `"key" IS NOT NULL AND "state" = 'waiting'`,
          },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('jobs_jobs');
  }
}
