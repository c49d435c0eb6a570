import { tableColumns } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const orgs = new Table({
  name: 'policy_orgs',
  columns: [
    tableColumns.org('org_id', { isPrimary: true }),
    tableColumns.integer('version'),
    tableColumns.integer('rule_count'),
    tableColumns.integer('forgotten_version'),
  ],
});

const rules = new Table({
  name: 'policy_rules',
  columns: [
    tableColumns.id('id', { isPrimary: true }),
    tableColumns.org(),
    tableColumns.id('effect'),
    tableColumns.id('kind'),
    tableColumns.id('pattern_type'),
    tableColumns.text('pattern'),
    tableColumns.id('scope_type'),
    tableColumns.text('scope_id', { isNullable: true }),
    tableColumns.id('agent_id', { isNullable: true }),
    tableColumns.id('session_id', { isNullable: true }),
    tableColumns.id('shell', { isNullable: true }),
    tableColumns.text('cwd', { isNullable: true }),
    tableColumns.boolean('pipeline'),
    tableColumns.json('matchers'),
    tableColumns.id('direction', { isNullable: true }),
    tableColumns.timestamp('expires_at', { isNullable: true }),
    tableColumns.boolean('shadow'),
    tableColumns.json('examples'),
    tableColumns.text('note', { isNullable: true }),
    tableColumns.json('approved_for'),
    tableColumns.id('created_by_id'),
    tableColumns.text('created_by_name'),
    tableColumns.id('approval_id', { isNullable: true }),
    tableColumns.id('fingerprint'),
    tableColumns.integer('changed_version'),
    tableColumns.timestamp('created_at'),
    tableColumns.timestamp('updated_at'),
    tableColumns.timestamp('last_used_at', { isNullable: true }),
    tableColumns.integer('use_count'),
    tableColumns.integer('shadow_count'),
  ],
  indices: [
    { name: 'policy_rules_by_fingerprint', columnNames: ['org_id', 'fingerprint'], isUnique: true },
    { name: 'policy_rules_by_approval', columnNames: ['org_id', 'approval_id'], isUnique: true },
    { name: 'policy_rules_by_id', columnNames: ['org_id', 'id'] },
    { name: 'policy_rules_by_change', columnNames: ['org_id', 'changed_version'] },
    { name: 'policy_rules_by_effect', columnNames: ['org_id', 'effect', 'id'] },
    { name: 'policy_rules_by_kind', columnNames: ['org_id', 'kind', 'id'] },
    { name: 'policy_rules_by_pattern_type', columnNames: ['org_id', 'pattern_type', 'id'] },
    { name: 'policy_rules_by_scope', columnNames: ['org_id', 'scope_id'] },
    { name: 'policy_rules_by_session', columnNames: ['org_id', 'session_id'] },
  ],
});

const removedRules = new Table({
  name: 'policy_removed_rules',
  columns: [
    tableColumns.org('org_id', { isPrimary: true }),
    tableColumns.id('rule_id', { isPrimary: true }),
    tableColumns.integer('version'),
  ],
  indices: [{ name: 'policy_removed_rules_by_version', columnNames: ['org_id', 'version'] }],
});

const targets = new Table({
  name: 'policy_targets',
  columns: [
    tableColumns.id('id', { isPrimary: true }),
    tableColumns.org(),
    tableColumns.text('name'),
    tableColumns.text('description', { isNullable: true }),
    tableColumns.id('shell', { isNullable: true }),
    tableColumns.boolean('production'),
    tableColumns.timestamp('created_at'),
  ],
  indices: [
    { name: 'policy_targets_by_name', columnNames: ['org_id', 'name'], isUnique: true },
    { name: 'policy_targets_by_id', columnNames: ['org_id', 'id'] },
  ],
});

const targetGroups = new Table({
  name: 'policy_target_groups',
  columns: [
    tableColumns.id('id', { isPrimary: true }),
    tableColumns.org(),
    tableColumns.text('name'),
    tableColumns.text('description', { isNullable: true }),
    tableColumns.timestamp('created_at'),
  ],
  indices: [
    { name: 'policy_target_groups_by_name', columnNames: ['org_id', 'name'], isUnique: true },
    { name: 'policy_target_groups_by_id', columnNames: ['org_id', 'id'] },
  ],
});

const targetMemberships = new Table({
  name: 'policy_target_memberships',
  columns: [
    tableColumns.org('org_id', { isPrimary: true }),
    tableColumns.id('target_id', { isPrimary: true }),
    tableColumns.id('group_id', { isPrimary: true }),
  ],
  indices: [{ name: 'policy_target_memberships_by_group', columnNames: ['org_id', 'group_id'] }],
});

const tables = [orgs, rules, removedRules, targets, targetGroups, targetMemberships];

export class CreatePolicyTables1767225603000 implements MigrationInterface {
  readonly name = 'CreatePolicyTables1767225603000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.dropTable(table);
  }
}
