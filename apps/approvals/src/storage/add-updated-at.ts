import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

const TABLE = 'approvals_requests';
const INDEX = 'approvals_requests_by_change';

/** When each request changed last, so that whoever was away can ask for what changed since. */
export class AddUpdatedAt1767225700100 implements MigrationInterface {
  readonly name = 'AddUpdatedAt1767225700100';

  async up(runner: QueryRunner): Promise<void> {
    // The default is for rows that are there already; the service always writes the column.
    await runner.addColumn(TABLE, new TableColumn(tableColumns.timestamp('updated_at', { default: '0' })));
    await runner.query(`UPDATE "${TABLE}" SET "updated_at" = COALESCE("closed_at", "created_at")`);
    await runner.createIndex(TABLE, new TableIndex({ name: INDEX, columnNames: ['org_id', 'updated_at', 'id'] }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex(TABLE, INDEX);
    await runner.dropColumn(TABLE, 'updated_at');
  }
}
