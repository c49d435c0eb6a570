import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const requests = new Table({
  name: 'approvals_requests',
  columns: [
    tableColumns.id('id', { isPrimary: true }),
    tableColumns.org(),
    tableColumns.id('command_id'),
    tableColumns.version('revision'),
    tableColumns.id('status'),
    tableColumns.id('agent_id'),
    tableColumns.text('agent_name'),
    tableColumns.id('agent_owner_id', { isNullable: true }),
    tableColumns.id('session_id', { isNullable: true }),
    tableColumns.text('ref', { isNullable: true }),
    tableColumns.id('fingerprint'),
    tableColumns.id('kind'),
    tableColumns.version('text_version'),
    tableColumns.text('text'),
    tableColumns.id('text_sha256'),
    tableColumns.text('text_escaped'),
    tableColumns.json('analysis'),
    tableColumns.json('risk'),
    tableColumns.json('requirement'),
    tableColumns.json('original', { isNullable: true }),
    tableColumns.id('shell'),
    tableColumns.text('cwd', { isNullable: true }),
    tableColumns.text('target', { isNullable: true }),
    tableColumns.text('reason', { isNullable: true }),
    tableColumns.json('context', { isNullable: true }),
    tableColumns.boolean('encrypted'),
    tableColumns.boolean('one_person_approval'),
    tableColumns.id('timeout_action'),
    tableColumns.timestamp('created_at'),
    tableColumns.timestamp('deadline_at'),
    tableColumns.timestamp('closed_at', { isNullable: true }),
    tableColumns.id('close_reason', { isNullable: true }),
    tableColumns.json('decision', { isNullable: true }),
    tableColumns.timestamp('withdrawn_at', { isNullable: true }),
    tableColumns.id('receipt_jti', { isNullable: true }),
    tableColumns.timestamp('receipt_issued_at', { isNullable: true }),
    tableColumns.timestamp('receipt_expires_at', { isNullable: true }),
    tableColumns.json('result', { isNullable: true }),
  ],
  indices: [
    { name: 'approvals_requests_command', columnNames: ['command_id'], isUnique: true },
    { name: 'approvals_requests_all', columnNames: ['org_id', 'created_at', 'id'] },
    { name: 'approvals_requests_by_status', columnNames: ['org_id', 'status', 'created_at', 'id'] },
    { name: 'approvals_requests_by_agent', columnNames: ['org_id', 'agent_id', 'status', 'created_at', 'id'] },
    { name: 'approvals_requests_by_session', columnNames: ['org_id', 'session_id', 'created_at', 'id'] },
    { name: 'approvals_requests_by_deadline', columnNames: ['status', 'deadline_at'] },
  ],
});

const votes = new Table({
  name: 'approvals_votes',
  columns: [
    tableColumns.id('id', { isPrimary: true }),
    tableColumns.org(),
    tableColumns.id('approval_id'),
    tableColumns.id('verb'),
    tableColumns.id('voter_id'),
    tableColumns.json('voter'),
    tableColumns.version('text_version'),
    tableColumns.id('text_sha256'),
    tableColumns.text('reason', { isNullable: true }),
    tableColumns.text('edited_text', { isNullable: true }),
    tableColumns.json('remember', { isNullable: true }),
    tableColumns.timestamp('cast_at'),
  ],
  indices: [
    {
      // One person counts once: a second vote on the same version cannot even be stored.
      name: 'approvals_votes_once',
      columnNames: ['approval_id', 'text_version', 'voter_id', 'verb'],
      isUnique: true,
    },
  ],
});

const keys = new Table({
  name: 'approvals_keys',
  columns: [
    tableColumns.org('org_id', { isPrimary: true }),
    tableColumns.id('agent_id', { isPrimary: true }),
    { name: 'key', type: 'varchar', length: '200', isPrimary: true },
    tableColumns.id('fingerprint'),
    tableColumns.id('command_id'),
    tableColumns.timestamp('created_at'),
  ],
  indices: [{ name: 'approvals_keys_by_age', columnNames: ['created_at'] }],
});

export class CreateApprovals1767225700000 implements MigrationInterface {
  readonly name = 'CreateApprovals1767225700000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [requests, votes, keys]) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [keys, votes, requests]) await runner.dropTable(table);
  }
}
