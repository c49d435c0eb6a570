import { idColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One link in the chain of refresh tokens of a sign-in. A used one stays until it expires, so that a thief shows. */
@Entity('identity_refresh_tokens')
export class RefreshTokenRow {
  /** SHA-256, hex. */
  @PrimaryColumn(textColumn())
  tokenHash!: string;

  @Column(orgColumn())
  org!: string;

  @Column(idColumn())
  signInId!: string;

  @Column(timestampColumn())
  expiresAt!: number;

  /** When it was traded for the next one. */
  @Column(timestampColumn({ nullable: true }))
  rotatedAt!: number | null;
}
