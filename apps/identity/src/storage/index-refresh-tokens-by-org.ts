import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const TABLE = 'identity_refresh_tokens';
const BY_EXPIRY = new TableIndex({ name: 'identity_refresh_tokens_expiry', columnNames: ['expires_at'] });
const BY_ORG = new TableIndex({ name: 'identity_refresh_tokens_org', columnNames: ['org_id', 'expires_at'] });

/** Expired tokens are cleared away org by org: sign-ins of two orgs must not wait for each other's rows. */
export class IndexRefreshTokensByOrg1767225600210 implements MigrationInterface {
  readonly name = 'IndexRefreshTokensByOrg1767225600210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex(TABLE, BY_ORG);
    await runner.dropIndex(TABLE, BY_EXPIRY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createIndex(TABLE, BY_EXPIRY);
    await runner.dropIndex(TABLE, BY_ORG);
  }
}
