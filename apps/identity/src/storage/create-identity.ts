import { tableColumns as column } from '@expacti/persistence';
import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

const optional = { isNullable: true };
const key = { isPrimary: true };

const TABLES = [
  new Table({
    name: 'identity_orgs',
    columns: [
      column.id('id', key),
      column.text('name'),
      column.boolean('eval'),
      column.json('timeout'),
      column.boolean('one_person_approval'),
      column.text('remember_dynamic'),
      column.integer('pending_limit'),
      column.integer('freshness'),
      column.timestamp('created_at'),
      column.timestamp('updated_at'),
      column.text('updated_by', optional),
    ],
  }),
  new Table({
    name: 'identity_users',
    columns: [
      column.id('id', key),
      column.org(),
      column.text('email'),
      column.text('name'),
      column.json('roles'),
      column.boolean('active'),
      column.text('password_hash', optional),
      column.boolean('demo'),
      column.timestamp('created_at'),
      column.timestamp('last_sign_in_at', optional),
    ],
    indices: [
      new TableIndex({ name: 'identity_users_email', columnNames: ['email'], isUnique: true }),
      new TableIndex({ name: 'identity_users_newest', columnNames: ['org_id', 'id'] }),
    ],
  }),
  new Table({
    name: 'identity_invitations',
    columns: [column.text('token_hash', key), column.org(), column.id('user_id'), column.timestamp('expires_at')],
    indices: [new TableIndex({ name: 'identity_invitations_user', columnNames: ['org_id', 'user_id'] })],
  }),
  new Table({
    name: 'identity_setup_tokens',
    columns: [column.text('token_hash', key), column.timestamp('created_at')],
  }),
  new Table({
    name: 'identity_sign_ins',
    columns: [
      column.id('id', key),
      column.org(),
      column.id('user_id'),
      column.timestamp('created_at'),
      column.timestamp('expires_at'),
      column.timestamp('revoked_at', optional),
      column.text('address'),
      column.text('user_agent'),
    ],
    indices: [new TableIndex({ name: 'identity_sign_ins_user', columnNames: ['org_id', 'user_id', 'expires_at'] })],
  }),
  new Table({
    name: 'identity_refresh_tokens',
    columns: [
      column.text('token_hash', key),
      column.org(),
      column.id('sign_in_id'),
      column.timestamp('expires_at'),
      column.timestamp('rotated_at', optional),
    ],
    indices: [
      new TableIndex({ name: 'identity_refresh_tokens_sign_in', columnNames: ['sign_in_id'] }),
      new TableIndex({ name: 'identity_refresh_tokens_expiry', columnNames: ['expires_at'] }),
    ],
  }),
  new Table({
    name: 'identity_agents',
    columns: [
      column.id('id', key),
      column.org(),
      column.text('name'),
      column.text('description', optional),
      column.id('owner_id'),
      column.boolean('suspended'),
      column.timestamp('created_at'),
      column.timestamp('last_seen_at', optional),
    ],
    indices: [
      new TableIndex({ name: 'identity_agents_name', columnNames: ['org_id', 'name'], isUnique: true }),
      new TableIndex({ name: 'identity_agents_newest', columnNames: ['org_id', 'id'] }),
    ],
  }),
  new Table({
    name: 'identity_agent_tokens',
    columns: [
      column.id('id', key),
      column.org(),
      column.id('agent_id'),
      column.text('name'),
      column.text('hint'),
      column.text('token_hash'),
      column.json('targets', optional),
      column.json('shells', optional),
      column.json('kinds', optional),
      column.timestamp('created_at'),
      column.timestamp('expires_at', optional),
      column.timestamp('last_used_at', optional),
      column.timestamp('revoked_at', optional),
    ],
    indices: [
      new TableIndex({ name: 'identity_agent_tokens_hash', columnNames: ['token_hash'], isUnique: true }),
      new TableIndex({ name: 'identity_agent_tokens_agent', columnNames: ['org_id', 'agent_id'] }),
    ],
  }),
  new Table({
    name: 'identity_signing_keys',
    columns: [column.text('kid', key), column.text('sealed_private_key'), column.timestamp('created_at')],
  }),
  new Table({
    name: 'identity_attempts',
    columns: [column.text('key', key), column.integer('failures'), column.timestamp('last_at')],
    indices: [new TableIndex({ name: 'identity_attempts_age', columnNames: ['last_at'] })],
  }),
];

export class CreateIdentity1767225600200 implements MigrationInterface {
  readonly name = 'CreateIdentity1767225600200';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table, false, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.dropTable(table.name);
  }
}
