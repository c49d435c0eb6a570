import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

export class CreatePolicySuggestions1767225603010 implements MigrationInterface {
  readonly name = 'CreatePolicySuggestions1767225603010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'policy_suggestions',
        columns: [
          tableColumns.id('id', { isPrimary: true }),
          tableColumns.org(),
          tableColumns.id('fingerprint'),
          tableColumns.id('state'),
          tableColumns.text('pattern'),
          tableColumns.json('rule'),
          tableColumns.integer('approvals'),
          tableColumns.integer('denials'),
          tableColumns.json('samples'),
          tableColumns.integer('sample_count'),
          tableColumns.integer('samples_needed'),
          tableColumns.timestamp('first_seen_at'),
          tableColumns.timestamp('last_seen_at'),
        ],
        indices: [
          { name: 'policy_suggestions_by_fingerprint', columnNames: ['org_id', 'fingerprint'], isUnique: true },
          { name: 'policy_suggestions_by_state', columnNames: ['org_id', 'state', 'id'] },
          { name: 'policy_suggestions_by_age', columnNames: ['org_id', 'last_seen_at'] },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('policy_suggestions');
  }
}
