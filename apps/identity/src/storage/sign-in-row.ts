import { idColumn, orgColumn, textColumn, timestampColumn } from '@expacti/persistence';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One sign-in of one person on one device: what access and refresh tokens hang on. */
@Entity('identity_sign_ins')
export class SignInRow {
  @PrimaryColumn(idColumn())
  id!: string;

  @Column(orgColumn())
  org!: string;

  @Column(idColumn())
  userId!: string;

  @Column(timestampColumn())
  createdAt!: number;

  /** However often it is refreshed, it ends then. */
  @Column(timestampColumn())
  expiresAt!: number;

  @Column(timestampColumn({ nullable: true }))
  revokedAt!: number | null;

  @Column(textColumn())
  address!: string;

  @Column(textColumn())
  userAgent!: string;
}
