import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { dropAppendOnly, makeAppendOnly } from './append-only.js';

const entries = new Table({
  name: 'audit_entries',
  columns: [
    tableColumns.org('org_id', { isPrimary: true }),
    tableColumns.integer('sequence', { isPrimary: true }),
    tableColumns.id('event_id'),
    tableColumns.timestamp('at'),
    tableColumns.json('actor'),
    tableColumns.id('actor_id'),
    tableColumns.text('action'),
    tableColumns.text('subject_type'),
    tableColumns.text('subject_id'),
    tableColumns.id('command_id', { isNullable: true }),
    tableColumns.json('data'),
    tableColumns.id('previous_hash'),
    tableColumns.id('hash'),
  ],
  indices: [
    { name: 'audit_entries_event', columnNames: ['org_id', 'event_id'], isUnique: true },
    { name: 'audit_entries_by_action', columnNames: ['org_id', 'action', 'sequence'] },
    { name: 'audit_entries_by_actor', columnNames: ['org_id', 'actor_id', 'sequence'] },
    { name: 'audit_entries_by_subject', columnNames: ['org_id', 'subject_id', 'sequence'] },
    { name: 'audit_entries_by_command', columnNames: ['org_id', 'command_id', 'sequence'] },
    { name: 'audit_entries_by_time', columnNames: ['org_id', 'at'] },
  ],
});

const heads = new Table({
  name: 'audit_heads',
  columns: [tableColumns.org('org_id', { isPrimary: true }), tableColumns.integer('sequence'), tableColumns.id('hash')],
});

/** The list, newest first, within one value of a column. Rows without a value are not in it. */
const filteredBy = (column: string) => ({
  name: `audit_commands_by_${column}`,
  columnNames: ['org_id', column, 'created_at', 'id'],
  where: `"${column}" IS NOT NULL`,
});

const commands = new Table({
  name: 'audit_commands',
  columns: [
    tableColumns.id('id', { isPrimary: true }),
    tableColumns.org(),
    tableColumns.id('status'),
    tableColumns.id('kind'),
    tableColumns.id('source', { isNullable: true }),
    tableColumns.id('agent_id'),
    tableColumns.id('session_id', { isNullable: true }),
    tableColumns.text('target', { isNullable: true }),
    tableColumns.id('rule_id', { isNullable: true }),
    tableColumns.text('text'),
    tableColumns.json('record'),
    tableColumns.json('decision', { isNullable: true }),
    tableColumns.timestamp('created_at'),
    tableColumns.timestamp('deadline_at', { isNullable: true }),
    tableColumns.timestamp('decided_at', { isNullable: true }),
    tableColumns.timestamp('started_at', { isNullable: true }),
    tableColumns.json('result', { isNullable: true }),
  ],
  indices: [
    { name: 'audit_commands_all', columnNames: ['org_id', 'created_at', 'id'] },
    ...['status', 'kind', 'source', 'agent_id', 'session_id', 'target', 'rule_id'].map(filteredBy),
  ],
});

const days = new Table({
  name: 'audit_days',
  columns: [
    tableColumns.org('org_id', { isPrimary: true }),
    tableColumns.id('day', { isPrimary: true }),
    tableColumns.id('source', { isPrimary: true }),
    tableColumns.id('outcome', { isPrimary: true }),
    tableColumns.integer('decided'),
  ],
});

export class CreateAudit1767225710000 implements MigrationInterface {
  readonly name = 'CreateAudit1767225710000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [entries, heads, commands, days]) await runner.createTable(table);
    await makeAppendOnly(runner, 'audit_entries', ['org_id', 'sequence']);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [days, commands, heads]) await runner.dropTable(table);
    await dropAppendOnly(runner, 'audit_entries');
  }
}
